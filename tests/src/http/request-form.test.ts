import { countHeaders, formFault, toOriginForm } from '../../../src/http/request-form';

// Over real sockets: hostile-http.test.ts.
describe('formFault', () => {
  const fault = (...rawHeaders: string[]) => formFault({ rawHeaders, httpVersion: '1.1' });

  it('takes 200 headers and one host', () => {
    expect(fault('Host', 'a', ...Array(199).fill(['x', 'y']).flat())).toBeNull();
    expect(fault(...Array(201).fill(['x', 'y']).flat())?.status).toBe(431);
    expect(fault('Host', 'a', 'hOST', 'b')).toEqual({ status: 400, message: 'host: expected one header, got 2' });
  });
});

describe('countHeaders', () => {
  it('looks at names, whatever their case, and not at values', () => {
    expect(countHeaders('origin', ['Origin', 'host', 'Host', 'origin', 'ORIGIN', 'b', 'origin2', 'c'])).toBe(2);
  });
});

describe('toOriginForm', () => {
  it.each([
    ['http://shop.example/graphql?a=b', '/graphql?a=b', 'shop.example'],
    ['HTTPS://shop.example:8443', '/', 'shop.example:8443'],
    ['/graphql', '/graphql', 'header.example'],
    ['http:///graphql', 'http:///graphql', 'header.example'],
    ['*', '*', 'header.example'],
  ])('reads the target %s as %s of %s', (url, path, host) => {
    const request = { url, headers: { host: 'header.example' } };
    toOriginForm(request);
    expect(request).toEqual({ url: path, headers: { host } });
  });
});
