// What an authenticator app shows: RFC 6238 with SHA-1, six digits, half minutes.

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** The code that the secret, in base32, gives now. */
export async function codeNow(secret) {
  const step = new DataView(new ArrayBuffer(8));
  step.setBigUint64(0, BigInt(Math.floor(Date.now() / 30_000)));
  const key = await crypto.subtle.importKey('raw', bytes(secret), {name: 'HMAC', hash: 'SHA-1'}, false, ['sign']);
  const mac = new DataView(await crypto.subtle.sign('HMAC', key, step));
  const at = mac.getUint8(19) & 15;
  return String((mac.getUint32(at) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

function bytes(base32) {
  const bits = [...base32.replace(/=+$/, '')].map((sign) => alphabet.indexOf(sign).toString(2).padStart(5, '0')).join('');
  return new Uint8Array(bits.match(/.{8}/g).map((octet) => parseInt(octet, 2)));
}
