import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { change } from "../../api/client";
import type { Verification } from "../../api/shapes";
import { Code } from "../../parts/DataTable";
import { ErrorSummary, type FieldError } from "../../parts/ErrorSummary";
import { Failed, Loading } from "../../parts/Failed";
import { TextField } from "../../parts/fields";
import { Icon } from "../../parts/Icon";
import { Page } from "../../parts/Page";
import { count } from "../../words/numbers";
import { useWords } from "../../words/use";

/** 收據驗證: valid or not, and for whom, when, which file. */
export default function VerifyPage() {
  const { t } = useWords();
  const [typed, setTyped] = useState("");
  const [errors, setErrors] = useState<FieldError[]>([]);
  const verify = useMutation({
    mutationFn: (receipt_jws: string) =>
      change<Verification>("POST", "/api/v1/receipts/verify", {
        json: { receipt_jws },
        acting: null,
      }),
  });
  const ask = () => {
    const jws = typed.replace(/\s+/g, "");
    setErrors(jws ? [] : [{ field: "receipt", message: t.open.receiptNeeded }]);
    if (jws) verify.mutate(jws);
  };
  return (
    <Page title={t.frame.titles.verify} lead={t.open.verifyIntro}>
      <ErrorSummary errors={errors} />
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          ask();
        }}
      >
        <TextField
          id="receipt"
          label={t.open.receipt}
          errors={errors}
          rows={6}
          value={typed}
          onChange={setTyped}
        />
        <button type="submit" className="primary">
          {t.open.verify}
        </button>
      </form>
      {verify.isPending && <Loading />}
      {verify.error && <Failed error={verify.error} onRetry={ask} />}
      {verify.data && <Result verification={verify.data} />}
    </Page>
  );
}

function Result({ verification }: { verification: Verification }) {
  const { t, time } = useWords();
  const { valid } = verification;
  return (
    <section className="subsection" role="status">
      <p className={valid ? "outcome done" : "outcome wrong"}>
        <Icon name={valid ? "done" : "error"} />
        {valid ? t.open.valid : t.open.invalid}
      </p>
      {!valid && <p>{t.open.invalidNext}</p>}
      {verification.valid && (
        <dl className="facts">
          <dt>{t.outcome.agency}</dt>
          <dd>{verification.receipt.agency}</dd>
          <dt>{t.outcome.receivedAt}</dt>
          <dd>{time(verification.receipt.received_at)}</dd>
          <dt>{t.history.fileName}</dt>
          <dd>{verification.receipt.file_name}</dd>
          <dt>{t.outcome.size}</dt>
          <dd>{count(verification.receipt.size_bytes)} bytes</dd>
          <dt>{t.outcome.sha256}</dt>
          <dd>
            <code>{verification.receipt.sha256}</code>
          </dd>
          <dt>{t.outcome.id}</dt>
          <dd>
            <Code>{verification.receipt.submission_id}</Code>
          </dd>
        </dl>
      )}
    </section>
  );
}
