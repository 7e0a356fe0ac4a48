import { Injectable, Logger, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { Forbidden, Unauthenticated } from '../errors/request-errors.js';
import { contextOf, permits, RULE, tokenOwner, type Rule } from './access.decorators.js';

/**
 * Decides for every root field, by its `@Allow`, `@AllowRevoked`, `@Public` or `@PublicWithoutToken`.
 * A field that says nothing is closed to everybody.
 */
@Injectable()
export class AccessGuard implements CanActivate {
  private readonly logger = new Logger(AccessGuard.name);

  constructor(private readonly reflector: Reflector) {}

  /** @throws Unauthenticated, Forbidden */
  canActivate(host: ExecutionContext): boolean {
    if (host.getType<string>() !== 'graphql') return true;
    const rule = this.reflector.get<Rule | undefined>(RULE, host.getHandler());
    if (!rule) {
      this.logger.error(`${host.getClass().name}.${host.getHandler().name} says nothing about access and is closed.`);
      throw new Forbidden();
    }
    if (rule.kind === 'public' && rule.ignoresToken) return true;
    const context = contextOf(host);
    const { viewer, tokenProblem } = context;
    if (rule.kind === 'owner' && tokenOwner(context)) return true;
    if (tokenProblem) throw tokenProblem;
    if (permits(rule, viewer)) return true;
    throw viewer ? new Forbidden() : new Unauthenticated();
  }
}
