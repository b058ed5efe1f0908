// The issuer's own pages: choosing one of the demo people (there are no passwords here) and leaving.
import { readFileSync } from 'node:fs';

export const people = JSON.parse(readFileSync(new URL('people.json', import.meta.url), 'utf8'));
export const personOf = (sub) => people.find((person) => person.sub === sub);

const roleWords = {
  agency_clerk: '承辦人', supervisor: '主管機關', personnel_office: '人事單位', operator: '系統營運', auditor: '稽核',
};

function page(title, body) {
  return `<!doctype html><html lang="zh-Hant-TW"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1"><title>${title}</title>
<style>body{font-family:"Noto Sans TC","Microsoft JhengHei UI","PingFang TC","Noto Sans CJK TC",sans-serif;
line-height:1.7;margin:0;padding:2rem 1rem;background:#eef2f6;color:#1b2430}
main{max-width:34rem;margin:auto;background:#fff;padding:1.5rem 2rem;border:1px solid #c9d2dd;border-radius:.5rem}
button{display:block;width:100%;margin:.5rem 0;padding:.6rem 1rem;font:inherit;text-align:left;cursor:pointer;
background:#f5f8fb;border:1px solid #5b6b7d;border-radius:.3rem}
button:focus-visible{outline:3px solid #0b4f8a;outline-offset:2px}small{display:block;color:#46535f}</style>
</head><body><main><h1>${title}</h1>${body}</main></body></html>`;
}

function button(person) {
  const roles = person.roles.map((role) => roleWords[role]).join('、') || '沒有角色';
  const delegated = person.delegated_agencies.length ? `，兼辦 ${person.delegated_agencies.join('、')}` : '';
  return `<button name="sub" value="${person.sub}" aria-label="${person.name}">${person.name}
<small>${person.agency}，${roles}${delegated}</small></button>`;
}

async function formOf(request) {
  let text = '';
  for await (const piece of request) text += piece;
  return new URLSearchParams(text);
}

/// Answers /interaction/UID: shows the people, and ends the interaction with the one that was chosen.
export function interaction(provider) {
  return async (ctx, next) => {
    const found = /^\/interaction\/[^/]+$/.exec(ctx.path);
    if (!found) return next();
    const { prompt } = await provider.interactionDetails(ctx.req, ctx.res);
    if (ctx.method === 'POST') {
      const form = await formOf(ctx.req);
      const person = personOf(form.get('sub'));
      const result = person
        ? { login: { accountId: person.sub } }
        : { error: 'access_denied', error_description: 'the person gave up' };
      ctx.respond = false;
      return provider.interactionFinished(ctx.req, ctx.res, result, { mergeWithLastSubmission: false });
    }
    ctx.type = 'html';
    ctx.body = page('本機測試登入', `<p>此登入頁僅供本機試用，沒有密碼。請選擇身分（${prompt.name === 'login' ? '登入' : prompt.name}）。</p>
<form method="post">${people.map(button).join('')}<button name="sub" value="">取消</button></form>`);
    return undefined;
  };
}

/// Nobody needs to confirm here that they meant to log out.
export async function logoutSource(ctx, form) {
  ctx.body = page('登出', `${form}<p>正在登出…</p>
<script>const form = document.forms[0]; const yes = document.createElement('input');
yes.type = 'hidden'; yes.name = 'logout'; yes.value = 'yes'; form.append(yes); form.submit();</script>`);
}
