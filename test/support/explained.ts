import type { Shop } from './shop.js';

/** Tables that do not grow with what is sold. */
const SMALL = new Set(['categories', 'category_closure']);

/** A statement with its values. */
export interface Sent {
  sql: string;
  params: readonly unknown[];
}

/** A step of a plan, as EXPLAIN tells it. */
interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  Plans?: PlanNode[];
}

/** Collects the planned statements that a shop sends from here on. */
export function plannedStatements({ database }: Shop): Sent[] {
  const sent: Sent[] = [];
  const query = database.query.bind(database);
  database.query = (name, sql, params) => {
    if (name === 'plan') sent.push({ sql, params: params ?? [] });
    return query(name, sql, params);
  };
  return sent;
}

/**
 * What grows with the shop in the plan that PostgreSQL makes for any values: scans of whole tables, ways through an index past
 * rows that are not wanted, and sorts, of more rows than `many`.
 */
export async function growing({ database }: Shop, { sql, params }: Sent, many: number): Promise<string[]> {
  const plans = await database.transaction(async (tx) => {
    await tx.query('test.generic', 'SET LOCAL plan_cache_mode = force_generic_plan');
    await tx.query('test.prepare', `PREPARE explained AS ${sql}`);
    const values = params.length === 0 ? '' : `(${params.map(literal).join(', ')})`;
    const run = `EXPLAIN (ANALYZE, TIMING OFF, BUFFERS OFF, FORMAT JSON) EXECUTE explained${values}`;
    const rows = await tx.query<{ 'QUERY PLAN': { Plan: PlanNode }[] }>('test.explain', run);
    await tx.query('test.deallocate', 'DEALLOCATE explained');
    return rows.flatMap((row) => row['QUERY PLAN']);
  });
  return plans.flatMap(({ Plan }) => problemsOf(Plan, many));
}

function problemsOf(node: PlanNode, many: number): string[] {
  const { Plans = [], 'Node Type': type, 'Relation Name': table = '' } = node;
  const inner = Plans.flatMap((plan) => problemsOf(plan, many));
  if (type === 'Seq Scan' && !SMALL.has(table) && rowsOf(node) > many) return [`scan of ${table}`, ...inner];
  if (type.startsWith('Index') && othersOf(node) > many) return [`long way through ${table}`, ...inner];
  if (type.endsWith('Sort') && Plans.some((plan) => plan['Actual Rows'] > many)) return ['sort', ...inner];
  return inner;
}

/** Rows that were looked at, in all. */
function rowsOf(node: PlanNode): number {
  return node['Actual Rows'] * node['Actual Loops'] + othersOf(node);
}

/** Rows that were looked at and not wanted. */
function othersOf({ 'Rows Removed by Filter': others = 0, 'Actual Loops': loops }: PlanNode): number {
  return others * loops;
}

function literal(value: unknown): string {
  if (value === null) return 'NULL';
  if (Array.isArray(value))
    return literal(`{${value.map((item) => (item === null ? 'NULL' : JSON.stringify(item))).join()}}`);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return `'${text.replaceAll("'", "''")}'`;
}
