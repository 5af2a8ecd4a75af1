import { Panel } from '../../components/panel/panel';
import { RecordForm } from './record-form';
import { useRecording } from './use-recording';

interface RecordPanelProps {
  readonly title: string;
  readonly note?: string;
  readonly externalId: string;
  readonly onRecorded: () => void;
}

/** Records something that this user does now. */
export function RecordPanel({ title, note, externalId, onRecorded }: RecordPanelProps) {
  return (
    <Panel title={title} note={note}>
      <RecordForm recording={useRecording(externalId, onRecorded)} />
    </Panel>
  );
}
