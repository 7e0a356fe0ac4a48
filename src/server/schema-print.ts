import 'reflect-metadata';
import type { DynamicModule, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { GraphQLSchemaBuilderModule, GraphQLSchemaFactory } from '@nestjs/graphql';
import { lexicographicSortSchema, printSchema, type GraphQLSchema } from 'graphql';
import { SCHEMA_OPTIONS } from '../operations/schema-options.js';

type ModuleLike = Type | DynamicModule;

const HEADER = '# Written by `npm run schema` from the code. Do not edit.\n\n';

/** The schema of all resolvers in the given modules, as text. Starts nothing. */
export async function printShopSchema(modules: readonly ModuleLike[]): Promise<string> {
  return `${HEADER}${printSchema(await buildShopSchema(modules))}\n`;
}

/** The schema of all resolvers in the given modules; its resolvers cannot be executed. */
export async function buildShopSchema(modules: readonly ModuleLike[]): Promise<GraphQLSchema> {
  const context = await NestFactory.createApplicationContext(GraphQLSchemaBuilderModule, { logger: false });
  try {
    const schema = await context.get(GraphQLSchemaFactory).create(resolversOf(modules), SCHEMA_OPTIONS);
    return lexicographicSortSchema(schema);
  } finally {
    await context.close();
  }
}

/** Resolver classes among the providers of the modules and of those that they import, each once. */
export function resolversOf(modules: readonly ModuleLike[], seen = new Set<unknown>()): Type[] {
  return modules.flatMap((entry) => {
    const module = 'module' in entry ? entry.module : entry;
    if (seen.has(module)) return [];
    seen.add(module);
    const listed = (key: string): unknown[] => (Reflect.getMetadata(key, module) as unknown[] | undefined) ?? [];
    const providers = listed('providers').filter(
      (provider): provider is Type =>
        typeof provider === 'function' && Reflect.hasMetadata('graphql:resolver_type', provider),
    );
    return [...providers, ...resolversOf(listed('imports').filter(isModule), seen)];
  });
}

function isModule(entry: unknown): entry is ModuleLike {
  return typeof entry === 'function' || (typeof entry === 'object' && entry !== null && 'module' in entry);
}
