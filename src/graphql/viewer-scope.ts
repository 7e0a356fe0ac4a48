import { Extensions } from '@nestjs/graphql';
import {
  getNamedType,
  isAbstractType,
  isObjectType,
  Kind,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

/** How much of the viewer the code of a field reads: nothing, only the roles, or anything. From narrow to wide. */
const SCOPES = ['public', 'role', 'user'] as const;

/** @see SCOPES */
export type Scope = (typeof SCOPES)[number];

/** Name of the field extension that holds a field's scope. */
const EXTENSION = 'viewerScope';
/** Name of the resolver that Nest gives to plain properties. */
const NEST_PROPERTY = 'rootFieldResolver';

/**
 * Declares how much of the viewer the code of a field reads: `public` nothing, `role` only `viewer.roles`, `user` anything.
 * Without it a field with code counts as `user`. Live queries are executed once for all watchers whom the widest scope
 * of their fields does not tell apart, and reading more than declared throws there.
 * A field that the class of its type declares too says it there: Nest passes over what its resolver says then.
 */
export function ViewerScope(scope: Scope): MethodDecorator & PropertyDecorator {
  return Extensions({ [EXTENSION]: scope });
}

/** The widest scope among the fields that an operation selects. For a document that has passed validation. */
export function scopeOf(schema: GraphQLSchema, document: DocumentNode, definition: OperationDefinitionNode): Scope {
  const root = schema.getRootType(definition.operation);
  return root ? new Widest(schema, document).of(definition.selectionSet, root) : 'public';
}

class Widest {
  private readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  private readonly seen = new Set<string>();

  constructor(
    private readonly schema: GraphQLSchema,
    document: DocumentNode,
  ) {
    const fragments = document.definitions.filter((node) => node.kind === Kind.FRAGMENT_DEFINITION);
    this.fragments = new Map(fragments.map((node) => [node.name.value, node]));
  }

  of(selections: SelectionSetNode, type: GraphQLNamedType): Scope {
    let widest: Scope = 'public';
    for (const node of selections.selections) {
      if (node.kind === Kind.FIELD) {
        widest = wider(widest, this.field(node, type));
      } else if (node.kind === Kind.INLINE_FRAGMENT) {
        widest = wider(widest, this.of(node.selectionSet, this.typeOf(node.typeCondition?.name.value) ?? type));
      } else {
        widest = wider(widest, this.fragment(node.name.value));
      }
    }
    return widest;
  }

  private field({ name, selectionSet }: FieldNode, type: GraphQLNamedType): Scope {
    return this.fieldsOf(type, name.value).reduce<Scope>((widest, field) => {
      const below = selectionSet ? this.of(selectionSet, getNamedType(field.type)) : 'public';
      return wider(widest, wider(fieldScope(field), below));
    }, 'public');
  }

  // Looked into once: what it holds has been counted then.
  private fragment(name: string): Scope {
    const fragment = this.fragments.get(name);
    const type = this.typeOf(fragment?.typeCondition.name.value);
    if (!fragment || !type || this.seen.has(name)) return 'public';
    this.seen.add(name);
    return this.of(fragment.selectionSet, type);
  }

  /** The fields behind a name: of an interface or union, those of every type that may stand there. */
  private fieldsOf(type: GraphQLNamedType, name: string): GraphQLField<unknown, unknown>[] {
    const types = isAbstractType(type) ? this.schema.getPossibleTypes(type) : isObjectType(type) ? [type] : [];
    return types.flatMap((one) => one.getFields()[name] ?? []);
  }

  private typeOf(name: string | undefined): GraphQLNamedType | undefined {
    return name === undefined ? undefined : this.schema.getType(name);
  }
}

/** How much of the viewer one field reads, without what is selected below it. */
export function fieldScope(field: GraphQLField<unknown, unknown>): Scope {
  return (field.extensions[EXTENSION] as Scope | undefined) ?? (hasCode(field) ? 'user' : 'public');
}

/** A field without code hands on what its parent has made. Nest gives it a resolver too, which takes the parent alone. */
function hasCode({ resolve, subscribe }: GraphQLField<unknown, unknown>): boolean {
  return Boolean(subscribe) || (resolve !== undefined && resolve.name !== NEST_PROPERTY);
}

function wider(a: Scope, b: Scope): Scope {
  return SCOPES.indexOf(a) >= SCOPES.indexOf(b) ? a : b;
}
