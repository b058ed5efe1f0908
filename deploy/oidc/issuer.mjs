// The local OIDC issuer: a real provider with discovery, JWKS and client credentials. deploy/token is its one client;
// the claims it wishes for stand in the request, because this issuer knows no accounts: for local stacks alone.
//   node issuer.mjs PORT SECRETS_FILE JWKS_FILE
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import Provider from 'oidc-provider';

const [port, secretsFile, jwksFile] = process.argv.slice(2);
const secrets = JSON.parse(readFileSync(secretsFile, 'utf8'));
const issuer = `http://127.0.0.1:${port}`;
const longestSeconds = 7 * 86400;

function signingKeys() {
  if (!existsSync(jwksFile)) {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' });
    const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' });
    const keys = [{ ...rsa, kid: randomUUID(), use: 'sig', alg: 'RS256' }, { ...ec, kid: randomUUID(), use: 'sig', alg: 'ES256' }];
    writeFileSync(jwksFile, JSON.stringify({ keys }), { mode: 0o600 });
  }
  return JSON.parse(readFileSync(jwksFile, 'utf8'));
}

function wishedClaims(ctx) {
  const wished = JSON.parse(ctx.oidc.body?.chaiqin_claims ?? '{}');
  const { sub, name, agency, delegated_agencies, roles, client_kind } = wished;
  return { sub, name, agency, delegated_agencies, roles, client_kind };
}

function wishedSeconds(ctx) {
  const seconds = Number(ctx?.oidc?.body?.chaiqin_ttl ?? 300);
  return Number.isInteger(seconds) && seconds > 0 ? Math.min(seconds, longestSeconds) : 300;
}

const provider = new Provider(issuer, {
  clients: [{
    client_id: 'chaiqin-token', client_secret: secrets.token_client, grant_types: ['client_credentials'],
    redirect_uris: [], response_types: [], token_endpoint_auth_method: 'client_secret_basic',
  }],
  jwks: signingKeys(),
  ttl: { ClientCredentials: wishedSeconds },
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => 'urn:chaiqin',
      useGrantedResource: () => true,
      getResourceServerInfo: (ctx) => ({
        audience: 'chaiqin', scope: '', accessTokenFormat: 'jwt', accessTokenTTL: wishedSeconds(ctx), jwt: { sign: { alg: 'RS256' } },
      }),
    },
  },
  formats: {
    customizers: {
      jwt(ctx, _token, jwt) {
        Object.assign(jwt.payload, wishedClaims(ctx));
      },
    },
  },
});
provider.listen(Number(port), '127.0.0.1', () => console.log(`issuer ${issuer} is ready`));
