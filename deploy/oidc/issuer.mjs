// The local OIDC issuer: a real provider with discovery, JWKS, client credentials and the code flow. It has two clients.
// deploy/token asks with client credentials, and the claims it wishes for stand in its request; the portal logs in the
// people of people.json, who have no passwords. For local stacks alone. What is logged in is forgotten at its end.
//   node issuer.mjs PORT SECRETS_FILE JWKS_FILE PORTAL_URL
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import Provider from 'oidc-provider';
import { interaction, logoutSource, personOf } from './interaction.mjs';

const [port, secretsFile, jwksFile, portal] = process.argv.slice(2);
const secrets = JSON.parse(readFileSync(secretsFile, 'utf8'));
// Another host name than the portal's: cookies know no ports, so on one host they would meet.
const issuer = `http://localhost:${port}`;
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

function claimsOf(ctx, token) {
  const person = personOf(token.accountId);
  return person ? { ...person, client_kind: 'portal' } : wishedClaims(ctx);
}

/// Everybody agrees to everything here.
async function loadExistingGrant(ctx) {
  const known = ctx.oidc.session.grantIdFor(ctx.oidc.client.clientId);
  if (known) return ctx.oidc.provider.Grant.find(known);
  const grant = new ctx.oidc.provider.Grant({
    clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId,
  });
  grant.addOIDCScope('openid');
  grant.addResourceScope('urn:chaiqin', '');
  await grant.save();
  return grant;
}

/// Local addresses are allowed as targets of a back-channel logout: the portal of a local stack is one.
function fetchAnywhere(url, options) {
  delete options.dispatcher;
  return fetch(url, options);
}

function wishedSeconds(ctx) {
  const seconds = Number(ctx?.oidc?.body?.chaiqin_ttl ?? 300);
  return Number.isInteger(seconds) && seconds > 0 ? Math.min(seconds, longestSeconds) : 300;
}

const provider = new Provider(issuer, {
  clients: [{
    client_id: 'chaiqin-token', client_secret: secrets.token_client, grant_types: ['client_credentials'],
    redirect_uris: [], response_types: [], token_endpoint_auth_method: 'client_secret_basic',
  }, {
    client_id: 'chaiqin-portal', client_secret: secrets.portal_client, grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'], token_endpoint_auth_method: 'client_secret_basic',
    redirect_uris: [`${portal}/auth/callback`], post_logout_redirect_uris: [`${portal}/`],
    backchannel_logout_uri: `${portal}/auth/backchannel-logout`, backchannel_logout_session_required: true,
  }],
  jwks: signingKeys(),
  cookies: { keys: [secrets.issuer_cookies] },
  ttl: {
    ClientCredentials: wishedSeconds, AccessToken: 300, AuthorizationCode: 60, IdToken: 3600, Interaction: 600,
    RefreshToken: 12 * 3600, Session: 12 * 3600, Grant: 12 * 3600,
  },
  findAccount: (_ctx, sub) => {
    const person = personOf(sub);
    return person && { accountId: sub, claims: () => ({ sub, name: person.name }) };
  },
  interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
  issueRefreshToken: () => true,
  loadExistingGrant,
  fetch: fetchAnywhere,
  features: {
    devInteractions: { enabled: false },
    backchannelLogout: { enabled: true },
    rpInitiatedLogout: { enabled: true, logoutSource },
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
      jwt(ctx, token, jwt) {
        Object.assign(jwt.payload, claimsOf(ctx, token));
      },
    },
  },
});
provider.use(interaction(provider));
provider.listen(Number(port), '127.0.0.1', () => console.log(`issuer ${issuer} is ready`));
