/** A refusal of the API (RFC 9457), or a request that never got an answer. */
export interface ProblemBody {
  type?: string;
  title?: string;
  title_en?: string;
  status?: number;
  code?: string;
  detail?: string;
  detail_en?: string;
  [member: string]: unknown;
}

export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly body: ProblemBody;
  readonly retryAfterSeconds: number;

  constructor(status: number, body: ProblemBody, retryAfterSeconds = 0) {
    super(body.title ?? body.code ?? `HTTP ${status}`);
    this.name = "Problem";
    this.status = status;
    this.code = body.code ?? (status === 0 ? "network" : `http_${status}`);
    this.body = body;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

export const isMissing = (error: unknown) => error instanceof Problem && error.status === 404;

/** For an object in the path: an id that cannot be one is as good as unknown. */
export const isNoObject = (error: unknown) =>
  isMissing(error) || (error instanceof Problem && error.status === 400);

export const isForbidden = (error: unknown) => error instanceof Problem && error.status === 403;

/** Worth another try as it stands: nobody decided against the request. */
export const isPassing = (error: unknown) =>
  error instanceof Problem && (error.status === 0 || error.status === 503 || error.status === 504);

export async function problemOf(answer: Response): Promise<Problem> {
  const seconds = Number(answer.headers.get("Retry-After")) || 0;
  try {
    return new Problem(answer.status, (await answer.json()) as ProblemBody, seconds);
  } catch {
    return new Problem(answer.status, {}, seconds);
  }
}
