import { isDiskFault } from '../../../src/files/file-fault';

describe('isDiskFault', () => {
  it.each([
    ['ENOSPC', true],
    ['EDQUOT', true],
    ['EROFS', true],
    ['EACCES', false],
    [undefined, false],
  ])('says of an error with the code %s: %s', (code, expected) => {
    expect(isDiskFault(Object.assign(new Error('a file'), { code }))).toBe(expected);
  });

  it('is none what is no error', () => expect(isDiskFault({ code: 'ENOSPC' })).toBe(false));
});
