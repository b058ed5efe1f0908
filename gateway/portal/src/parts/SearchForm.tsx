import { useEffect, useState } from "react";
import { useWords } from "../words/use";
import { AskForm, TextField } from "./fields";

/** 「機關名稱或代碼」 and 「查詢」. */
export function SearchForm({ q, onSearch }: { q: string; onSearch: (q: string) => void }) {
  const { t } = useWords();
  const [typed, setTyped] = useState(q);
  useEffect(() => setTyped(q), [q]);
  return (
    <AskForm button={t.lists.search} onAsk={() => onSearch(typed.trim())}>
      <TextField id="q" label={t.lists.searchField} value={typed} onChange={setTyped} />
    </AskForm>
  );
}
