import {
  type CanActivate,
  createParamDecorator,
  type ExecutionContext,
  Injectable,
  SetMetadata,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import { houseProblem } from '../problems/house-problems.js';
import { TokenBook, type Role, type TokenHolder } from './token-book.js';

const ROLES = 'larum roles';
const holders = new WeakMap<object, TokenHolder>();

/** Who may call a route or every route of a controller: the holder of a token with one of these roles. Without it, any holder. */
export const Roles = (...roles: Role[]) => SetMetadata(ROLES, roles);

/** The holder of the token that came with the request; filled by `BearerGuard`, never by the caller. */
export const Caller = createParamDecorator((_: unknown, context: ExecutionContext): TokenHolder => {
  const holder = holders.get(context.switchToHttp().getRequest<Request>());
  if (holder === undefined) throw new Error('@Caller() stands on a route without BearerGuard');
  return holder;
});

/** The token that a request carries (RFC 6750 §2.1), undefined when it carries none. */
export const bearerToken = (authorization: string | undefined): string | undefined =>
  /^Bearer +([^ ]+) *$/i.exec(authorization ?? '')?.[1];

/** Lets in whoever holds a token of this world and one of the roles that `@Roles` names; everyone else gets 401 or 403. */
@Injectable()
export class BearerGuard implements CanActivate {
  constructor(
    private readonly tokens: TokenBook,
    private readonly reflector: Reflector,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<Request>();
    const holder = this.holderOf(request.headers.authorization);
    const roles = this.reflector.getAllAndOverride<Role[] | undefined>(ROLES, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (roles !== undefined && !roles.some((role) => holder.roles.includes(role))) {
      throw houseProblem('not-your-role', `This needs the role ${roles.join(' or ')}.`, { roles });
    }
    holders.set(request, holder);
    return true;
  }

  private holderOf(authorization: string | undefined): TokenHolder {
    const token = bearerToken(authorization);
    if (token === undefined) throw houseProblem('no-token');
    const found = this.tokens.find(token);
    if (found === 'unknown') throw houseProblem('unknown-token');
    if (found === 'of-the-other-world') throw houseProblem('token-of-the-other-world');
    return found;
  }
}
