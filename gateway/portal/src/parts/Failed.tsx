import { Problem } from "../api/problem";
import { useWords } from "../words/use";
import { Icon } from "./Icon";

/** What failed, what to do, and 「重試」. */
export function useProblemText() {
  const { t, language } = useWords();
  return (error: unknown): { title: string; detail: string } => {
    if (!(error instanceof Problem)) return { title: "", detail: t.lists.failedNext };
    if (error.status === 0) return { title: "", detail: t.lists.offline };
    const { title, title_en, detail, detail_en } = error.body;
    return language === "en"
      ? { title: title_en ?? title ?? "", detail: detail_en ?? detail ?? t.lists.failedNext }
      : { title: title ?? "", detail: detail ?? t.lists.failedNext };
  };
}

export function Failed({
  what,
  error,
  onRetry,
}: {
  what?: string;
  error: unknown;
  onRetry?: () => void;
}) {
  const { t } = useWords();
  const { title, detail } = useProblemText()(error);
  return (
    <div className="failed" role="alert">
      <Icon name="error" />
      <div>
        <p className="failed-what">{what ? t.lists.failed(what) : t.lists.failedHere}</p>
        {title && <p>{title}</p>}
        <p>{detail}</p>
        {onRetry && (
          <button type="button" className="secondary" onClick={onRetry}>
            {t.lists.retry}
          </button>
        )}
      </div>
    </div>
  );
}

export function Loading() {
  const { t } = useWords();
  return (
    <p className="loading" role="status">
      {t.lists.loading}
    </p>
  );
}

interface Asked<T> {
  data: T | undefined;
  error: unknown;
  isPlaceholderData?: boolean;
  refetch: () => unknown;
}

/** The answer when it is there; else that it is loading, or why it is not there. */
export function Loaded<T>({
  asked,
  what,
  children,
}: {
  asked: Asked<T>;
  what: string;
  children: (data: T) => React.ReactNode;
}) {
  const failure = asked.error ? (
    <Failed what={what} error={asked.error} onRetry={() => asked.refetch()} />
  ) : null;
  if (asked.data === undefined) return failure ?? <Loading />;
  return (
    <>
      {failure}
      {asked.isPlaceholderData && <Loading />}
      <div aria-busy={asked.isPlaceholderData || undefined}>{children(asked.data)}</div>
    </>
  );
}
