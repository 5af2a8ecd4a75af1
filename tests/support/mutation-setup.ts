/** Run before each test file in mutation testing: a property that fails has noticed the mutant, and need not look for a smaller case. */
import fc from 'fast-check';

fc.configureGlobal({ endOnFailure: true });
