import type { PluginFunction } from '@graphql-codegen/plugin-helpers';
import { Kind, OperationTypeNode, type OperationDefinitionNode } from 'graphql';

/** How codegen.yml sets the plugin up. */
interface HooksConfig {
  /** The module with the types and documents of the operations, as the hooks import it. */
  operations: string;
}

const IMPORTS = `import type { ApolloCache, OperationVariables } from '@apollo/client';
import { type SkipToken, useLazyQuery, useMutation, useQuery, useSubscription, useSuspenseQuery } from '@apollo/client/react';`;

// No partial data: a result that may have holes needs another type. For that, call Apollo's own hook with the document.
const TYPES = `type Loaded = 'complete' | 'streaming';
type Whole = { returnPartialData?: false };
type QueryOptions<T, V extends OperationVariables> = useQuery.Options<T, V> & Whole;
type QueryResult<T, V extends OperationVariables> = useQuery.Result<T, V, Loaded | 'empty', Partial<V>>;
type LazyQueryOptions<T, V extends OperationVariables> = useLazyQuery.Options<T, V> & Whole;
type LazyQueryResult<T, V extends OperationVariables> = useLazyQuery.ResultTuple<T, V, Loaded | 'empty'>;
type SuspenseOptions<V extends OperationVariables> = useSuspenseQuery.Options<V> & Whole;
type SuspenseResult<T, V extends OperationVariables> = useSuspenseQuery.Result<T, V, Loaded | 'empty'>;
type SureOptions<V extends OperationVariables> = SuspenseOptions<V> & { errorPolicy?: 'none'; skip?: false };
type SureResult<T, V extends OperationVariables> = useSuspenseQuery.Result<T, V, Loaded>;
type Given<V, C> = { [K in keyof C]: K extends keyof V ? C[K] : never };
type MutationOptions<T, V extends OperationVariables, C extends Partial<V>> = useMutation.Options<T, V, ApolloCache, Given<V, C>>;`;

/** Prints the React hooks of Apollo Client 4 for every operation: a typed layer over Apollo's own. */
export const plugin: PluginFunction<HooksConfig> = (_schema, files, config) => {
  const operations = files
    .flatMap(({ document }) => document?.definitions ?? [])
    .filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  return {
    prepend: [IMPORTS, `import * as Souk from '${config.operations}';`],
    content: [TYPES, ...operations.map(hooksOf)].join('\n\n'),
  };
};

function hooksOf({ operation, name, variableDefinitions }: OperationDefinitionNode): string {
  if (!name) throw new Error('Every operation needs a name: its hooks are called after it.');
  const kind = `${operation[0]?.toUpperCase()}${operation.slice(1)}`;
  const data = `Souk.${name.value}${kind}`;
  const variables = `${data}Variables`;
  const both = `${data}, ${variables}`;
  const needed = variableDefinitions?.some(
    ({ type, defaultValue }) => type.kind === Kind.NON_NULL_TYPE && !defaultValue,
  );
  const options = needed ? 'options' : 'options?';
  const head = (hook: string, signature: string): string => `export function use${name.value}${hook}${signature}`;
  const whole = (hook: string, signature: string): string =>
    `${head(hook, signature)} {\n  return use${hook}(Souk.${name.value}Document, options);\n}`;

  if (operation === OperationTypeNode.MUTATION) {
    // Without a result type: Apollo works out which variables are left for the call.
    return whole('Mutation', `<C extends Partial<${variables}> = {}>(options?: MutationOptions<${both}, C>)`);
  }
  if (operation === OperationTypeNode.SUBSCRIPTION) {
    const signature = `(${options}: useSubscription.Options<${both}> | SkipToken): useSubscription.Result<${data}>`;
    return whole('Subscription', signature);
  }
  const unsure = `(${options}: SuspenseOptions<${variables}> | SkipToken): SuspenseResult<${both}>`;
  return [
    whole('Query', `(${options}: QueryOptions<${both}> | SkipToken): QueryResult<${both}>`),
    whole('LazyQuery', `(options?: LazyQueryOptions<${both}>): LazyQueryResult<${both}>`),
    `${head('SuspenseQuery', `(${options}: SureOptions<${variables}>): SureResult<${both}>`)};`,
    `${head('SuspenseQuery', unsure)};`,
    whole('SuspenseQuery', unsure),
  ].join('\n');
}
