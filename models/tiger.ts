/** The one door to models/ for the server: train, assign IDs, recommend, save and load. */
export { openDevice, probeDevices } from './compute/backends';
export type { Device, DeviceKind } from './compute/device';
export { CheckpointError, hasCheckpoint, loadCheckpoint } from './checkpoint';
export { isPresetName, presetConfig, PRESET_NAMES, type PresetName, type TigerConfig } from './config';
export type { FusedItem } from './decoding/fusion';
export { AllowMask } from './decoding/restricted-trie';
export { Trie } from './decoding/trie';
export { itemText } from './item-features';
export { SemanticIdTable } from './semantic-id/semantic-id-table';
export { printSemanticId, type SemanticId } from './semantic-id/semantic-ids';
export { Tokenizer } from './semantic-id/tokenizer';
export { loadTokenizer } from './load-tokenizer';
export { DEFAULT_BEAM_SIZE, loadTiger, Tiger, type TigerRequest } from './tiger-model';
export { fitTiger, type FitInput, type FitProgress, type FitResult } from './training/fit';
export type { InteractionLog } from './training/interactions';
export type { CategoryLevels } from './training/list-metrics';
export type { MetricValue } from './training/metrics';
export type { ExperimentOptions } from './training/report';
