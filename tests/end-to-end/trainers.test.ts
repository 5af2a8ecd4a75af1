import { run } from '../soak/trainers';

describe('trainers', () => {
  it(
    'finish each other’s trainings with the same files, activate each version once, and leave a job that a server cancels',
    () => run(2, { patience: 5, cancels: 1, isHasty: true }),
    900_000,
  );
});
