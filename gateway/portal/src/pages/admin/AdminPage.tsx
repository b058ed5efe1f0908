import { useMay } from "../../app/acting";
import { Page } from "../../parts/Page";
import { useWords } from "../../words/use";
import { AnnouncementDesk } from "./AnnouncementDesk";
import { AuditLog } from "./AuditLog";
import { FailingWebhooks } from "./FailingWebhooks";
import { Quarantine } from "./Quarantine";
import { RegistryDesk } from "./RegistryDesk";

/** 管理: an operator changes things here, an auditor looks. */
export default function AdminPage() {
  const { t } = useWords();
  const isOperator = useMay("operator");
  return (
    <Page title={t.frame.titles.admin} lead={isOperator ? undefined : t.admin.readOnly}>
      <AnnouncementDesk mayWrite={isOperator} />
      {isOperator && <RegistryDesk />}
      <AuditLog />
      <FailingWebhooks />
      <Quarantine />
    </Page>
  );
}
