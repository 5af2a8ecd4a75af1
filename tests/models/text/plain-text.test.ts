import { withoutEntities, withoutMarkup } from '../../../models/text/plain-text';

describe('withoutMarkup', () => {
  it.each([
    ['<div class="a">Red mug</div><p>For\n tea &amp; milk</p>', ' Red mug For tea & milk '],
    ['<b>R</b>ed mug<br/>H<sub>2</sub>O', 'Red mug H2O'],
    ['<style>p { color: red }</style>Mug<!-- <b> --><script>alert("<p>")</script>', ' Mug '],
    ['Mug<style>p {', 'Mug '],
    ['Mug &lt;b&gt;', 'Mug <b>'],
  ])('reads %j as a reader sees it', (text, plain) => {
    expect(withoutMarkup(text)).toBe(plain);
  });

  it.each(['5 < 6 and  7 > 3', 'I <3 mugs', 'a&b; R&D', ' two  blanks\n', 'x < y', ''])(
    'leaves %j as it is',
    (text) => {
      expect(withoutMarkup(text)).toBe(text);
    },
  );
});

describe('withoutEntities', () => {
  it.each([
    ['Johnson &amp; Johnson', 'Johnson & Johnson'],
    ['caf&eacute; &Uuml;ber gro&szlig; Fa&ccedil;ade', 'café Über groß Façade'],
    ['12&#34; &#x27;Single&#39;', "12\" 'Single'"],
    ['&#128512; &hellip;', '😀 …'],
    ['&amp;lt;', '&lt;'],
    ['&nothing; &#0; &#55357; &#9999999; &; &amp', '&nothing; &#0; &#55357; &#9999999; &; &amp'],
    ['&constructor; &toString;', '&constructor; &toString;'],
  ])('reads %j', (text, plain) => {
    expect(withoutEntities(text)).toBe(plain);
  });
});
