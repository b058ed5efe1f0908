import { useWords } from "../words/use";
import { sameTabs } from "./tabs";

/** A plain form: the answer is a page that goes on to the issuer's own logout. */
export function LogOut() {
  const { t } = useWords();
  return (
    <form method="post" action="/auth/logout" onSubmit={() => sameTabs.tell("logged out")}>
      <button type="submit" className="on-dark">
        {t.frame.logOut}
      </button>
    </form>
  );
}
