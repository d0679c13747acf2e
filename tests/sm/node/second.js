// A second implementation: sm-crypto-v2 for the primitives, and a reader of sealed envelopes written from
// docs/formats/envelope.md alone. One JSON request on standard input, one JSON answer on standard output.
const { createHash } = require("node:crypto");
const { sm2, sm3, sm4, hkdf } = require("sm-crypto-v2");

const ORDER = 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n;
const hex = (bytes) => Buffer.from(bytes).toString("hex");
const bytes = (text) => new Uint8Array(Buffer.from(text, "hex"));
const join = (...parts) => new Uint8Array(Buffer.concat(parts.map((part) => Buffer.from(part))));
const ascii = (text) => new Uint8Array(Buffer.from(text, "ascii"));
const digest = (...parts) => bytes(sm3(join(...parts)));
const number = (octets) => BigInt("0x" + hex(octets));
const scalar = (value) => bytes(value.toString(16).padStart(64, "0"));
const modulo = (value) => ((value % ORDER) + ORDER) % ORDER;

function inverse(value) {
  let [a, b, x, y] = [modulo(value), ORDER, 1n, 0n];
  while (b) [a, b, x, y] = [b, a % b, y, x - (a / b) * y];
  return modulo(x);
}

function canonical(value) {
  if (Array.isArray(value)) return "[" + value.map(canonical).join(",") + "]";
  if (value && typeof value === "object")
    return "{" + Object.keys(value).sort().map((key) => JSON.stringify(key) + ":" + canonical(value[key])).join(",") + "}";
  return JSON.stringify(value);
}

function need(condition, what) {
  if (!condition) throw new Error(what);
}

function decrypted(raw, key) {
  const text = sm2.doDecrypt(hex(raw).slice(2), key, 1, { output: "array" });
  need(text.length === raw.length - 97, "a share does not decrypt"); // the library gives an empty text on a bad C3
  return text;
}

const leaf = (octets) => createHash("sha256").update(Buffer.from([0])).update(octets).digest();
const node = (left, right) => createHash("sha256").update(Buffer.from([1])).update(left).update(right).digest();

function root(leaves) {
  if (leaves.length === 1) return leaves[0];
  let half = 1;
  while (half * 2 < leaves.length) half *= 2;
  return node(root(leaves.slice(0, half)), root(leaves.slice(half)));
}

function masterOf(header, frame, keys) {
  const shares = Object.entries(keys).map(([place, key]) => {
    const text = decrypted(Buffer.from(header.shares[place - 1], "base64"), key);
    const context = digest(ascii("share"), frame, [Number(place)]);
    need(hex(text.slice(32)) === hex(context), "a share belongs elsewhere");
    return [BigInt(place), number(text.slice(0, 32))];
  });
  let master = 0n;
  for (const [place, value] of shares) {
    let weight = 1n;
    for (const [other] of shares) if (other !== place) weight = modulo(weight * other * inverse(other - place));
    master = modulo(master + value * weight);
  }
  return scalar(master);
}

function checkDerivation(master, header, frame) {
  const derived = (purpose, count) =>
    (number(hkdf(master, undefined, join(ascii(purpose), frame, [count]), 48)) % (ORDER - 1n)) + 1n;
  header.shares.forEach((share, index) => {
    const nonce = derived("nonce", index + 1);
    const point = sm2.getPublicKeyFromPrivateKey(hex(scalar(nonce)));
    need(hex(Buffer.from(share, "base64").subarray(0, 65)) === point, "a share is under another nonce");
  });
}

function opened(part, keys, half, chunks) {
  const { header, commit } = part;
  const frame = digest(
    ascii(canonical({ v: 1, part: header.part, lot: header.lot, envelope: header.envelope, t: header.t, holders: header.holders })),
  );
  const text = digest(ascii(canonical(header)));
  const master = masterOf(header, frame, keys);
  need(hex(hkdf(master, undefined, join(ascii("commit"), text), 32)) === commit, "the commitment is another");
  checkDerivation(master, header, frame);
  const key = hkdf(half ? join(master, bytes(half)) : master, undefined, join(ascii("sm4"), text), 16);
  const out = chunks.map((chunk, index) => {
    const iv = new Uint8Array(12);
    new DataView(iv.buffer).setUint32(7, index);
    iv[11] = index === chunks.length - 1 ? 1 : 0;
    const options = { mode: "gcm", iv, associatedData: text, output: "array", tag: chunk.subarray(-16) };
    return sm4.decrypt(new Uint8Array(chunk.subarray(0, -16)), key, options);
  });
  return Buffer.concat(out.map((each) => Buffer.from(each)));
}

function envelope({ file, keys, half }) {
  const raw = Buffer.from(file, "base64");
  need(raw.subarray(0, 8).toString("latin1") === "YWENV1\r\n", "the first bytes are others");
  const end = 12 + raw.readUInt32BE(8);
  const head = JSON.parse(raw.subarray(12, end).toString());
  need(canonical(head) === raw.subarray(12, end).toString(), "the head is not canonical");
  const leaves = [leaf(raw.subarray(0, end))];
  let at = end;
  const parts = {};
  for (const name of ["sheet", "documents"]) {
    if (!head[name]) continue;
    const chunks = [];
    for (let left = head[name].header.size; left > 0; left -= 1 << 20) {
      const size = Math.min(left, 1 << 20) + 16;
      chunks.push(raw.subarray(at, at + size));
      leaves.push(leaf(raw.subarray(at, at + size)));
      at += size;
    }
    parts[name] = opened(head[name], keys, half, chunks);
  }
  need(at === raw.length, "something behind the last chunk");
  const text = parts.sheet.subarray(4, 4 + parts.sheet.readUInt32BE(0)).toString();
  need(sm3(new Uint8Array(Buffer.from(canonical(JSON.parse(text).statement)))) === head.sheet.header.manifest, "another statement");
  const answer = { root: hex(root(leaves)), sheet: JSON.parse(text), files: {} };
  if (parts.documents) {
    let begin = 4 + parts.documents.readUInt32BE(0);
    for (const { name, size } of JSON.parse(parts.documents.subarray(4, begin).toString()).files) {
      answer.files[name] = parts.documents.subarray(begin, begin + size).toString("base64");
      begin += size;
    }
  }
  return answer;
}

const actions = {
  keypair: () => sm2.generateKeyPairHex(),
  sign: ({ key, message }) => sm2.doSignature(bytes(message), key, { hash: true, der: true, userId: "1234567812345678" }),
  verify: ({ key, message, signature }) =>
    sm2.doVerifySignature(bytes(message), signature, key, { hash: true, der: true, userId: "1234567812345678" }),
  encrypt: ({ key, message }) => sm2.doEncrypt(bytes(message), key, 1),
  decrypt: ({ key, raw }) => hex(decrypted(bytes(raw), key)),
  sm3: ({ message }) => sm3(bytes(message)),
  hkdf: ({ secret, info, length }) => hex(hkdf(bytes(secret), undefined, bytes(info), length)),
  gcm: ({ key, nonce, text, associated }) => {
    const made = sm4.encrypt(bytes(text), bytes(key), {
      mode: "gcm", iv: bytes(nonce), associatedData: bytes(associated), output: "array", outputTag: true, padding: "none",
    });
    return hex(made.output) + hex(made.tag);
  },
  envelope,
};

let input = "";
process.stdin.on("data", (piece) => (input += piece));
process.stdin.on("end", () => {
  const requests = JSON.parse(input);
  const answers = requests.map(({ action, ...request }) => {
    try {
      return { answer: actions[action](request) };
    } catch (error) {
      return { error: String(error.message || error) };
    }
  });
  process.stdout.write(JSON.stringify(answers));
});
