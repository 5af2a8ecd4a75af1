import { readText } from '../../../../../../web/src/pages/items/bulk/read-text';

describe('readText', () => {
  it('reads UTF-8, and drops the mark at its beginning', async () => {
    expect(await readText(new Blob(['\ufeffid,title\n1,Käse 🐯']))).toBe('id,title\n1,Käse 🐯');
    expect(await readText(new Blob([]))).toBe('');
  });

  it.each([
    ['a table in the code of one country', [0x4b, 0xe4, 0x73, 0x65]],
    ['UTF-16', [0xff, 0xfe, 0x4b, 0x00]],
    ['a file with NUL', [0x50, 0x4b, 0x00, 0x03]],
  ])('takes %s for no text', async (_, bytes) => {
    expect(await readText(new Blob([Uint8Array.from(bytes)]))).toBeNull();
  });
});
