// Makes a picture of a page small: Chromium writes three or four bytes for each pixel; a page has few
// colours, so one byte and a palette do. Of more than 256 colours the rare ones become their nearest.
import { crc32, deflateSync, inflateSync } from "node:zlib";

const MOST_COLOURS = 256;
const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const RGB = 2;
const RGBA = 6;
const INDEXED = 3;

function chunksOf(png) {
  const chunks = [];
  for (let at = SIGNATURE.length; at < png.length; ) {
    const size = png.readUInt32BE(at);
    const type = png.toString("latin1", at + 4, at + 8);
    chunks.push({ type, data: png.subarray(at + 8, at + 8 + size) });
    at += size + 12;
  }
  return chunks;
}

function paeth(left, above, corner) {
  const guess = left + above - corner;
  const [a, b, c] = [left, above, corner].map((one) => Math.abs(guess - one));
  if (a <= b && a <= c) return left;
  return b <= c ? above : corner;
}

/** The pixels as 0xRRGGBB, row after row. */
function pixelsOf(chunks) {
  const head = chunks[0].data;
  const [width, height] = [head.readUInt32BE(0), head.readUInt32BE(4)];
  const [depth, kind, , , interlaced] = head.subarray(8);
  if (depth !== 8 || (kind !== RGB && kind !== RGBA) || interlaced)
    throw new Error("not a picture as Chromium writes it");
  const step = kind === RGB ? 3 : 4;
  const packed = chunks.filter(({ type }) => type === "IDAT").map(({ data }) => data);
  const bytes = inflateSync(Buffer.concat(packed));
  const size = width * step;
  const pixels = new Uint32Array(width * height);
  let before = new Uint8Array(size);
  for (let y = 0; y < height; y += 1) {
    const start = y * (size + 1);
    const row = bytes.subarray(start + 1, start + 1 + size);
    for (let x = 0; x < size; x += 1) {
      const left = x < step ? 0 : row[x - step];
      const above = before[x];
      const corner = x < step ? 0 : before[x - step];
      const guesses = [0, left, above, (left + above) >> 1, paeth(left, above, corner)];
      row[x] += guesses[bytes[start]];
    }
    for (let x = 0; x < width; x += 1)
      pixels[y * width + x] = (row[x * step] << 16) | (row[x * step + 1] << 8) | row[x * step + 2];
    before = row;
  }
  return { width, height, pixels };
}

const parts = (colour) => [colour >> 16, (colour >> 8) & 255, colour & 255];

/** The palette, and the place in it of every colour. */
function paletteOf(pixels) {
  const counts = new Map();
  for (const colour of pixels) counts.set(colour, (counts.get(colour) ?? 0) + 1);
  const byCount = [...counts.keys()].sort((a, b) => counts.get(b) - counts.get(a) || a - b);
  const palette = byCount.slice(0, MOST_COLOURS);
  const places = new Map(palette.map((colour, at) => [colour, at]));
  for (const colour of byCount.slice(MOST_COLOURS)) {
    const wanted = parts(colour);
    const far = (other) =>
      parts(other).reduce((sum, part, at) => sum + (part - wanted[at]) ** 2, 0);
    const nearest = palette.reduce((best, one) => (far(one) < far(best) ? one : best));
    places.set(colour, places.get(nearest));
  }
  return { palette, places };
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const [size, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  size.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([size, body, sum]);
}

export function withPalette(png) {
  const { width, height, pixels } = pixelsOf(chunksOf(png));
  const { palette, places } = paletteOf(pixels);
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, INDEXED], 8);
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1)
      rows[y * (width + 1) + 1 + x] = places.get(pixels[y * width + x]);
  return Buffer.concat([
    SIGNATURE,
    chunk("IHDR", head),
    chunk("PLTE", Buffer.from(palette.flatMap(parts))),
    chunk("IDAT", deflateSync(rows, { level: 9, memLevel: 9 })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}
