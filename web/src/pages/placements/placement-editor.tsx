import { Alert, Button, Group, List, SimpleGrid, Stack, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';

import { useViewer } from '../../app/use-viewer';
import { announce } from '../../components/change/announce';
import { LeaveQuestion } from '../../components/change/form-dialog';
import { GuardedButton } from '../../components/change/guard';
import { Problems } from '../../components/change/problems';
import { type Problem, useChange } from '../../components/change/use-change';
import { Ago } from '../../components/format/ago';
import { Icon } from '../../components/icon/icon';
import { useFreshQuery } from '../../components/states/use-fresh-query';
import { textValue, useUrlState } from '../../components/url-state/use-url-state';
import { WhyNotPanel } from '../../components/why/why-not';
import {
  PreviewPlacementDocument,
  SavePlacementDocument,
  SomeUserDocument,
  type StateFactsFragment,
} from '../../graphql/graphql';
import { definitionOf, draftOf, isSame, isWhole, linesOf } from './draft';
import { OptionsPanel } from './options-panel';
import { PreviewPanel } from './preview-panel';
import { RulesPanel } from './rules-panel';

/** `user`: whose list is shown; empty: somebody's. */
const STATE = { user: textValue };
/** A change that goes on, such as a word that is typed, asks for one preview. */
const REST_MS = 400;

interface PlacementEditorProps {
  readonly name: string;
  /** What is in force; null: nothing is stored. */
  readonly state: StateFactsFragment | null;
  readonly onSaved: () => void;
}

/** Changes how the lists of a placement are made, with the list of any user before and after beside it. */
export function PlacementEditor({ name, state, onSaved }: PlacementEditorProps) {
  const { isAdmin } = useViewer();
  // Another admin's state may take the place of the one that the page was opened with.
  const [base, setBase] = useState(state);
  const [draft, setDraft] = useState(() => draftOf(state));
  const [theirs, setTheirs] = useState<StateFactsFragment | null>(null);
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const [{ user: chosen }, setUrl] = useUrlState(STATE);
  const { run, isRunning } = useChange(SavePlacementDocument, (data) => data.savePlacement);
  const [{ data: some }] = useFreshQuery({ query: SomeUserDocument, pause: chosen !== '' });
  const user = chosen === '' ? (some?.users.nodes[0]?.externalId ?? '') : chosen;
  const [settled] = useDebouncedValue(draft, REST_MS);
  const shown = { ...settled, rules: settled.rules.filter(isWhole) };
  const isOfAllLists = name === '*';
  const [preview, ask] = useFreshQuery(
    {
      query: PreviewPlacementDocument,
      variables: {
        name,
        definition: definitionOf(shown),
        ...(user === '' ? { history: [] } : { user }),
      },
      pause: !isAdmin || isOfAllLists,
    },
    `${name} ${user}`,
  );
  const isChanged = !isSame(draft, draftOf(base));
  const change = (changes: Partial<typeof draft>) => {
    setProblems([]);
    setDraft({ ...draft, ...changes });
  };
  const save = async () => {
    const outcome = await run({
      input: { name, definition: definitionOf(draft), ...(base !== null && { basedOn: base.number }) },
      isAdmin: true,
    });
    const inForce = outcome.payload?.inForce ?? null;
    if (outcome.problems.length === 0) {
      announce(`“${name}” is saved, and in force in the next list.`);
      setBase(inForce);
      return onSaved();
    }
    if (inForce !== null && inForce.number !== (base?.number ?? 0)) setTheirs(inForce);
    else setProblems(outcome.problems.map(withoutPath));
  };
  const takeTheirs = (keepsMine: boolean) => {
    setBase(theirs);
    if (!keepsMine) setDraft(draftOf(theirs));
    setTheirs(null);
  };
  const warnings = (preview.data?.previewPlacement?.warnings ?? []).map(withoutPath);
  const said = [...problems, ...warnings];
  const faults = faultsByRule(
    said,
    draft.rules.flatMap((rule, index) => (isWhole(rule) || problems.length > 0 ? [index] : [])),
  );
  return (
    <SimpleGrid cols={isOfAllLists ? 1 : { base: 1, lg: 2 }} spacing="lg">
      <Stack gap="lg">
        {theirs !== null && <Conflict base={base} theirs={theirs} onTake={takeTheirs} />}
        <RulesPanel
          rules={draft.rules}
          faults={faults}
          isOfAllLists={isOfAllLists}
          onChange={(rules) => change({ rules })}
        />
        <Problems problems={problems.filter(({ field }) => ruleOf(field) === null)} />
        <Problems isWarning problems={warnings.filter(({ field }) => ruleOf(field) === null)} />
        <Group>
          <GuardedButton
            needs="ADMIN"
            deed="Changing a placement"
            loading={isRunning}
            disabled={!isChanged || !draft.rules.every(isWhole)}
            onClick={() => void save()}
          >
            Save
          </GuardedButton>
          {isChanged && (
            <Button variant="default" onClick={() => setDraft(draftOf(base))}>
              Discard the changes
            </Button>
          )}
        </Group>
        {!isOfAllLists && <OptionsPanel draft={draft} onChange={change} />}
      </Stack>
      {!isOfAllLists && isAdmin && (
        <Stack gap="lg">
          <PreviewPanel
            user={user}
            result={preview}
            onPick={(externalId) => setUrl({ user: externalId })}
            onRetry={() => ask({ requestPolicy: 'network-only' })}
          />
          {user !== '' && <WhyNotPanel list={{ user, placement: name, first: 10 }} />}
        </Stack>
      )}
      <LeaveQuestion isUnsaved={isChanged && !isRunning}>Your changes of “{name}” are not saved.</LeaveQuestion>
    </SimpleGrid>
  );
}

/** The rule that a message stands beside says where it is: the path into the input is for programs. */
function withoutPath({
  field,
  message,
}: {
  readonly field?: readonly string[] | null;
  readonly message: string;
}): Problem {
  return { field: field ?? null, message: message.replace(/^[\w.*]+: /, '') };
}

/** @returns Which of the rules a fault is about; null: none. */
function ruleOf(field: readonly string[] | null): number | null {
  const at = field?.indexOf('rules') ?? -1;
  return at < 0 ? null : Number(field![at + 1]);
}

/** @param places - Of the rules that the faults count, among all of them. */
function faultsByRule(faults: readonly Problem[], places: readonly number[]): ReadonlyMap<number, readonly string[]> {
  const byRule = new Map<number, string[]>();
  for (const { message, field } of faults) {
    const rule = ruleOf(field);
    const place = rule === null ? undefined : places[rule];
    if (place !== undefined) byRule.set(place, [...(byRule.get(place) ?? []), message]);
  }
  return byRule;
}

interface ConflictProps {
  readonly base: StateFactsFragment | null;
  readonly theirs: StateFactsFragment;
  readonly onTake: (keepsMine: boolean) => void;
}

/** Somebody has saved another state meanwhile: what it changed, and both ways on. */
function Conflict({ base, theirs, onTake }: ConflictProps) {
  const [before, now] = [linesOf(draftOf(base)), linesOf(draftOf(theirs))];
  const changes = [
    ...now.filter((line) => !before.includes(line)).map((line) => `added: ${line}`),
    ...before.filter((line) => !now.includes(line)).map((line) => `taken away: ${line}`),
  ];
  return (
    <Alert
      color="yellow"
      variant="light"
      icon={<Icon name="warning" />}
      title="Somebody has saved this placement meanwhile"
      role="alert"
    >
      <Stack gap="xs">
        <Text size="sm">
          {theirs.savedBy ?? 'Another admin'}, <Ago at={theirs.savedAt} />:
        </Text>
        <List size="sm">
          {changes.map((change) => (
            <List.Item key={change}>{change}</List.Item>
          ))}
        </List>
        <Group gap="xs">
          <Button size="xs" variant="default" onClick={() => onTake(false)}>
            Take theirs, drop mine
          </Button>
          <Button size="xs" variant="default" onClick={() => onTake(true)}>
            Keep mine, to save over theirs
          </Button>
        </Group>
      </Stack>
    </Alert>
  );
}
