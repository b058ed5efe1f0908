import { useEffect, useState } from "react";
import { useWords } from "../words/use";
import { AskForm, TextField } from "./fields";

/** 「機關名稱或代碼」 and 「查詢」, or another word where the page has a 「查詢」 already. */
export function SearchForm(props: { q: string; button?: string; onSearch: (q: string) => void }) {
  const { q, button, onSearch } = props;
  const { t } = useWords();
  const [typed, setTyped] = useState(q);
  useEffect(() => setTyped(q), [q]);
  return (
    <AskForm button={button ?? t.lists.search} onAsk={() => onSearch(typed.trim())}>
      <TextField id="q" label={t.lists.searchField} value={typed} onChange={setTyped} />
    </AskForm>
  );
}
