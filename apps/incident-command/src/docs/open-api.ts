import { z } from 'zod';
import { Area, ComposedText, Media, MultiPolygon, WarningText } from '#contracts';
import { WrittenContent } from '../warnings/warning-requests.js';
import { allProblems, problemsOfRoute, type ProblemCode, type Route } from './route.js';
import { routes } from './routes.js';

type Json = Record<string, unknown>;

/** The CAP media types of `POST /v1/cap`. */
const XML = ['application/cap+xml', 'application/xml', 'text/xml'] as const;

/** The description of this app's interface as OpenAPI 3.1, from the very schemas that read the requests. The same at every call. */
export function openApi(): Json {
  const schemas = namedSchemas();
  return {
    openapi: '3.1.0',
    info: {
      title: 'Larum incident-command',
      version: '1',
      description:
        'Incidents and warnings: written by one officer, approved by another, and from then on on the stream. ' +
        'Every problem has a stable code, explained at /docs/problems.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    security: [{ token: [] }],
    paths: paths(),
    components: {
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'lrx_… in an exercise, lrl_… live.' },
      },
      schemas: { ...schemas, Problem },
    },
  };
}

function paths(): Json {
  const all: Record<string, Json> = {};
  for (const route of routes) {
    const path = `/v1${route.path.replaceAll(/:(\w+)/g, '{$1}')}`;
    all[path] = { ...all[path], [route.method]: operation(route) };
  }
  return all;
}

function operation(route: Route): Json {
  const { method, path, says, roles, body, xml, answer } = route;
  const names = path.match(/\w+/g) ?? [];
  return {
    operationId: [method, ...names].join('-'),
    summary: says,
    tags: [names[0]],
    description:
      roles.length === 0 ? 'For every holder of a token.' : `For holders of the role ${roles.join(' or ')}.`,
    parameters: parameters(route),
    ...(body && {
      requestBody: { required: true, content: { 'application/json': { schema: ref(body.name) } } },
    }),
    ...(xml && {
      requestBody: {
        required: true,
        content: Object.fromEntries(XML.map((type) => [type, { schema: { type: 'string' } }])),
      },
    }),
    responses: {
      [answer.status]: {
        description: 'Done.',
        content: { 'application/json': { schema: ref(answer.name) } },
      },
      ...problems(problemsOfRoute(route)),
    },
  };
}

function parameters({ method, path, query }: Route): Json[] {
  const inPath = (path.match(/:\w+/g) ?? []).map((name) => ({
    name: name.slice(1),
    in: 'path',
    required: true,
    schema: { type: 'string', pattern: `^${PREFIX[name] ?? '[a-z]{3}'}_[0-9a-f]{32}$` },
  }));
  const asked = query ? jsonSchema(query) : {};
  const inQuery = Object.entries((asked['properties'] ?? {}) as Json).map(([name, schema]) => ({
    name,
    in: 'query',
    required: ((asked['required'] ?? []) as string[]).includes(name),
    schema,
  }));
  const key = {
    name: 'Idempotency-Key',
    in: 'header',
    required: true,
    description: 'A new random value for each act; the same one to repeat a request. Kept for 24 hours.',
    schema: { type: 'string', pattern: '^[!-~]{1,255}$' },
  };
  return [...inPath, ...inQuery, ...(method === 'post' ? [key] : [])];
}

const PREFIX: Readonly<Record<string, string>> = {
  ':warningId': 'wrn',
  ':incidentId': 'inc',
  ':itemId': 'itm',
};

/** One answer for each status, with the codes that it may carry and what they mean. */
function problems(codes: readonly ProblemCode[]): Json {
  const statuses = [...new Set(codes.map((code) => allProblems[code].status))].toSorted((a, b) => a - b);
  return Object.fromEntries(
    statuses.map((status) => {
      const own = codes.filter((code) => allProblems[code].status === status).toSorted();
      const schema = { ...ref('Problem'), properties: { code: { enum: own } } };
      const description = own.map((code) => `\`${code}\`: ${allProblems[code].title}.`).join(' ');
      return [String(status), { description, content: { 'application/problem+json': { schema } } }];
    }),
  );
}

/** Every body and answer by name, with the larger pieces that they share as components of their own. */
function namedSchemas(): Record<string, Json> {
  const named = z.registry<{ id: string }>();
  const add = (id: string, schema: z.ZodType) => void (named.has(schema) || named.add(schema, { id }));
  for (const [id, schema] of Object.entries({
    Area,
    ComposedText,
    DraftContent: WrittenContent,
    Media,
    MultiPolygon,
    WarningText,
  }))
    add(id, schema);
  for (const { body, answer } of routes) {
    if (body) add(body.name, body.schema);
    add(answer.name, answer.schema);
  }
  const { schemas } = z.toJSONSchema(named, {
    io: 'input',
    unrepresentable: 'any',
    uri: (id) => `#/components/schemas/${id}`,
  });
  return Object.fromEntries(Object.entries(schemas).map(([id, schema]) => [id, bare(schema)]));
}

/** RFC 9457, with our stable `code`. Further members depend on the problem: `fields`, `details`, `findings`. */
const Problem: Json = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail', 'code'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    code: { type: 'string' },
  },
};

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });

const jsonSchema = (schema: z.ZodType): Json =>
  bare(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }));

/** Without the members that only a schema of its own needs. */
function bare(schema: object): Json {
  return Object.fromEntries(Object.entries(schema).filter(([name]) => name !== '$schema' && name !== '$id'));
}

/** The committed form: two spaces, a line end at the end. */
export const openApiText = (): string => `${JSON.stringify(openApi(), null, 2)}\n`;
