import { useEffect, useState } from "react";
import { useAnswer } from "../../api/queries";
import { Code } from "../../parts/DataTable";
import { Loaded } from "../../parts/Failed";
import { Section } from "../../parts/Page";
import { count } from "../../words/numbers";
import { useWords } from "../../words/use";
import { shortCodeOf } from "./shortCode";

/** 「報送收據」: the one part of the page that is printed. */
export function ReceiptSheet({ id }: { id: string }) {
  const { t, time } = useWords();
  const asked = useAnswer("/api/v1/submissions/{id}/receipt", { params: { id } });
  return (
    <Section title={t.outcome.receipt}>
      <Loaded asked={asked} what={t.outcome.receipt}>
        {({ receipt, receipt_jws }) => (
          <div className="receipt">
            <p className="only-printed">{t.frame.platform}</p>
            <dl className="facts">
              <dt>{t.outcome.id}</dt>
              <dd>
                <Code>{receipt.submission_id}</Code>
              </dd>
              <dt>{t.outcome.agency}</dt>
              <dd>{receipt.agency}</dd>
              <dt>{t.history.fileName}</dt>
              <dd>{receipt.file_name}</dd>
              <dt>{t.outcome.size}</dt>
              <dd>{count(receipt.size_bytes)} bytes</dd>
              <dt>{t.outcome.sha256}</dt>
              <dd>
                <code>{receipt.sha256}</code>
              </dd>
              <dt>{t.outcome.receivedAt}</dt>
              <dd>{time(receipt.received_at)}</dd>
              <dt>{t.outcome.shortCode}</dt>
              <dd>
                <ShortCode jws={receipt_jws} />
              </dd>
            </dl>
            <h3>{t.outcome.jws}</h3>
            <pre className="jws">{receipt_jws}</pre>
            <p className="hint">{t.outcome.receiptNote}</p>
            <button type="button" className="secondary not-printed" onClick={() => window.print()}>
              {t.outcome.print}
            </button>
          </div>
        )}
      </Loaded>
    </Section>
  );
}

function ShortCode({ jws }: { jws: string }) {
  const [code, setCode] = useState("");
  useEffect(() => {
    let wanted = true;
    shortCodeOf(jws).then(
      (found) => wanted && setCode(found),
      () => wanted && setCode("—"),
    );
    return () => {
      wanted = false;
    };
  }, [jws]);
  return <Code>{code}</Code>;
}
