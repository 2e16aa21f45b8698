import { problemsOfRoute, type Route } from '../docs/route.js';
import { routes } from '../docs/routes.js';

/**
 * Holds one real answer against the description of the interface: its status, its problem's code and its body must be
 * such as the description promises for this route. Throws what is wrong; so every test over HTTP tests the description too.
 */
export function asDescribed(method: string, at: string, status: number, body: unknown): void {
  const route = routeFor(method, at);
  if (route === undefined) throw new Error(`${method} ${at} is not described`);
  if (status === route.answer.status) {
    const read = route.answer.schema.safeParse(body);
    if (!read.success)
      throw new Error(`${method} ${at} answers otherwise than described: ${read.error.message}`);
    return;
  }
  const code = (body as { code?: string }).code;
  if (!problemsOfRoute(route).some((one) => one === code)) {
    throw new Error(`${method} ${at} answers ${status} ${code}, which is not described`);
  }
}

function routeFor(method: string, at: string): Route | undefined {
  const [path = ''] = at.split('?');
  return routes.find(
    (route) =>
      route.method === method.toLowerCase() &&
      new RegExp(`^${route.path.replaceAll(/:\w+/g, '[^/]+')}$`).test(path),
  );
}
