// Which of twenty colours a nick has: the same as in huddle-client (`huddle.client.rendering.colours`).
// There it is by SHA-256, which a browser gives to pages of secure contexts alone.

export const COLOURS = 20;

const MOST = 4096; // nicks whose colours are remembered
const known = new Map();

/** The number of a nick's colour, the same on every machine. */
export function colourOf(nick) {
  if (!known.has(nick)) {
    if (known.size === MOST) known.clear();
    known.set(nick, sha256(new TextEncoder().encode(nick.toLowerCase()))[0] % COLOURS);
  }
  return known.get(nick);
}

const K = [];
const START = [];
for (let n = 2; K.length < 64; n++) {
  if ([...Array(n).keys()].slice(2).some((d) => n % d === 0)) continue;
  if (START.length < 8) START.push(fraction(Math.sqrt(n)));
  K.push(fraction(Math.cbrt(n)));
}

/** The first 32 bits behind the point. */
function fraction(number) {
  return ((number % 1) * 2 ** 32) >>> 0;
}

/** The eight words of a digest (FIPS 180-4, section 6.2). */
export function sha256(bytes) {
  const size = ((bytes.length + 8) >> 6) + 1;
  const padded = new DataView(new ArrayBuffer(size * 64));
  bytes.forEach((byte, i) => padded.setUint8(i, byte));
  padded.setUint8(bytes.length, 0x80);
  padded.setUint32(size * 64 - 4, bytes.length * 8);
  const hash = [...START];
  for (let at = 0; at < size * 64; at += 64) mix(hash, padded, at);
  return hash;
}

function mix(hash, data, at) {
  const w = [];
  let [a, b, c, d, e, f, g, h] = hash;
  for (let i = 0; i < 64; i++) {
    if (i < 16) w[i] = data.getUint32(at + 4 * i);
    else {
      const s0 = turn(w[i - 15], 7) ^ turn(w[i - 15], 18) ^ (w[i - 15] >>> 3);
      const s1 = turn(w[i - 2], 17) ^ turn(w[i - 2], 19) ^ (w[i - 2] >>> 10);
      w[i] = (w[i - 16] + s0 + w[i - 7] + s1) >>> 0;
    }
    const t1 = h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + K[i] + w[i];
    const t2 = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + t1) >>> 0, c, b, a, (t1 + t2) >>> 0];
  }
  [a, b, c, d, e, f, g, h].forEach((word, i) => (hash[i] = (hash[i] + word) >>> 0));
}

function turn(word, by) {
  return (word >>> by) | (word << (32 - by));
}
