import { ProtobufMessage } from '../../../../models/compute/onnx/protobuf';

const hex = (message: ProtobufMessage) => Buffer.from(message.finish()).toString('hex');

describe('ProtobufMessage', () => {
  // The examples of the encoding guide: field 1 = 150, field 2 = "testing", and field 3 = a message that has field 1 = 150.
  it('writes whole numbers as varints', () => {
    expect(hex(new ProtobufMessage().integer(1, 150))).toBe('089601');
    expect(hex(new ProtobufMessage().integer(1, 0).integer(1, 127).integer(1, 128))).toBe('0800087f088001');
  });

  it('writes negative numbers as ten bytes of two’s complement', () => {
    expect(hex(new ProtobufMessage().integer(1, -1))).toBe('08ffffffffffffffffff01');
    expect(hex(new ProtobufMessage().integer(1, -2))).toBe('08feffffffffffffffff01');
  });

  it('writes texts as UTF-8 with their length in bytes', () => {
    expect(hex(new ProtobufMessage().text(2, 'testing'))).toBe('120774657374696e67');
    expect(hex(new ProtobufMessage().text(2, 'é'))).toBe('1202c3a9');
    expect(hex(new ProtobufMessage().text(2, ''))).toBe('1200');
  });

  it('writes messages in messages, as they are when they are put in', () => {
    const inner = new ProtobufMessage().integer(1, 150);
    expect(hex(new ProtobufMessage().message(3, inner))).toBe('1a03089601');
    expect(hex(new ProtobufMessage().message(1, new ProtobufMessage()))).toBe('0a00');
  });

  it('packs lists of whole numbers', () => {
    expect(hex(new ProtobufMessage().integers(6, [3, 270, 86942]))).toBe('3206038e029ea705');
  });

  it('writes float32 as four bytes, lowest first', () => {
    expect(hex(new ProtobufMessage().float(2, 1.5))).toBe('150000c03f');
  });
});
