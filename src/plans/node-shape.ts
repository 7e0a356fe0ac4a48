import { parseGlobalId } from '../graphql/global-id.js';
import { NodeArgs, NodesArgs } from '../graphql/node.resolver.js';
import { checked } from './checked.js';
import { listOf } from './sql-json.js';
import { NotPlanned, type Draft, type Selection, type Shape } from './shape.js';

/** How one kind of things is found by an id. */
export interface NodeShape {
  /** The GraphQL type. */
  type: string;
  /**
   * SQL of what is selected of one of them; null when there is none that the viewer may know of.
   * @param uuid SQL of its id
   */
  find: (uuid: string, asked: Selection, draft: Draft) => string;
}

/** Which kinds there are. */
type Nodes = (kind: string) => NodeShape | null;

/** The root fields that find anything by its id. */
export function nodeQueries(nodes: Nodes): Shape<null> {
  return {
    node: (_, asked, draft) => {
      const { id } = checked(NodeArgs, asked.args);
      const parsed = parseGlobalId(id);
      if (parsed === null) return 'NULL';
      const uuid = `${draft.bind(parsed.uuid)}::uuid`;
      // Told twice: what nobody may know of is found without a look at the id, and a parameter must be used.
      return `CASE WHEN ${uuid} IS NOT NULL THEN ${found(nodes, parsed.kind, uuid, asked, draft)} END`;
    },
    nodes: (_, asked, draft) => {
      const { ids } = checked(NodesArgs, asked.args);
      const all = ids.map(parseGlobalId);
      const kinds = [...new Set(all.flatMap((parsed) => parsed?.kind ?? []))];
      const [wanted, row] = [draft.alias(), draft.alias()];
      // The same id may stand there a hundred times.
      const branches = kinds.map((kind) => {
        const json = found(nodes, kind, `${wanted}.id`, asked.shared, draft);
        return `WHEN ${wanted}.kind = ${draft.bind(kind)} THEN ${json}`;
      });
      const json = branches.length === 0 ? 'NULL' : `CASE ${branches.join(' ')} END`;
      const params = [all.map((parsed) => parsed?.kind ?? null), all.map((parsed) => parsed?.uuid ?? null)];
      const [kindOf, uuidOf] = params.map((values) => draft.bind(values));
      const from = `unnest(${kindOf}::text[], ${uuidOf}::uuid[]) WITH ORDINALITY AS ${wanted} (kind, id, n)`;
      return listOf(`${row}.json`, `(SELECT ${wanted}.n, ${json} AS json FROM ${from}) ${row}`, `${row}.n`);
    },
  };
}

function found(nodes: Nodes, kind: string, uuid: string, asked: Selection, draft: Draft): string {
  const node = nodes(kind);
  if (!node) throw new NotThisTime(kind);
  try {
    return node.find(uuid, asked, draft);
  } catch (error) {
    throw error instanceof NotPlanned ? new NotThisTime(error.message) : error;
  }
}

/** The resolvers have to answer it for these ids; for others it may be planned. */
class NotThisTime extends Error {}
