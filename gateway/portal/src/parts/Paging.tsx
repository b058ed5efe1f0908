import { useState } from "react";
import { useLocation, useNavigate } from "react-router";
import { count } from "../words/numbers";
import { useWords } from "../words/use";
import { ErrorSummary, type FieldError } from "./ErrorSummary";
import { SelectField, TextField } from "./fields";

export const PAGE_SIZES = [20, 50, 100] as const;

export function PageSize({ size, onSize }: { size: number; onSize: (size: number) => void }) {
  const { t } = useWords();
  return (
    <SelectField
      id="page_size"
      label={t.lists.pageSize}
      value={String(size)}
      choices={PAGE_SIZES.map((one) => ({ value: String(one), label: String(one) }))}
      onChange={(value) => onSize(Number(value))}
    />
  );
}

/** For lists whose pages are counted: jump to one, or go to its neighbours. */
export function CountedPages(props: {
  page: number;
  size: number;
  total: number;
  onPage: (page: number) => void;
  onSize: (size: number) => void;
}) {
  const { page, size, total, onPage, onSize } = props;
  const { t } = useWords();
  const [typed, setTyped] = useState("");
  const [errors, setErrors] = useState<FieldError[]>([]);
  const pages = Math.max(1, Math.ceil(total / size));
  const jump = () => {
    const wanted = /^\d{1,7}$/.test(typed.trim()) ? Number(typed) : 0;
    if (wanted < 1 || wanted > pages)
      return setErrors([{ field: "jump", message: t.lists.badPage(pages) }]);
    setErrors([]);
    setTyped("");
    onPage(wanted);
  };
  return (
    <nav className="paging" aria-label={t.lists.paging}>
      <ErrorSummary errors={errors} />
      <p className="paging-where">{t.lists.ofPages(page, pages, count(total))}</p>
      <PageSize size={size} onSize={onSize} />
      {pages > 1 && (
        <form
          className="jump"
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            jump();
          }}
        >
          <TextField
            id="jump"
            label={t.lists.jump}
            errors={errors}
            value={typed}
            inputMode="numeric"
            onChange={setTyped}
          />
          {t.lists.page && <span aria-hidden="true">{t.lists.page}</span>}
          <button type="submit" className="secondary">
            {t.lists.go}
          </button>
        </form>
      )}
      <Steps
        before={page > 1 ? () => onPage(page - 1) : undefined}
        after={page < pages ? () => onPage(page + 1) : undefined}
      />
    </nav>
  );
}

/** For lists that know only what comes next. 「上一頁」 goes where the browser's back would. */
export function TokenPages(props: {
  n: number;
  nextToken: string;
  onNext: (token: string, n: number) => void;
  onFirst: () => void;
}) {
  const { n, nextToken, onNext, onFirst } = props;
  const { t } = useWords();
  const navigate = useNavigate();
  const { key } = useLocation();
  if (n === 1 && !nextToken) return null;
  const back = () => (key === "default" ? onFirst() : navigate(-1));
  return (
    <nav className="paging" aria-label={t.lists.paging}>
      <p className="paging-where">{t.lists.pageN(n)}</p>
      <Steps
        before={n > 1 ? back : undefined}
        after={nextToken ? () => onNext(nextToken, n + 1) : undefined}
      />
    </nav>
  );
}

function Steps({ before, after }: { before?: () => void; after?: () => void }) {
  const { t } = useWords();
  return (
    <div className="steps">
      {before && (
        <button type="button" className="secondary" onClick={before}>
          {t.lists.previous}
        </button>
      )}
      {after && (
        <button type="button" className="secondary" onClick={after}>
          {t.lists.next}
        </button>
      )}
    </div>
  );
}
