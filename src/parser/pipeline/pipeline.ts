/** What was read of a pipeline: its scripts, config and params, and what could not be read. */
import type { Diagnostic } from '../../source/diagnostic.ts';
import type { SourceFile, SourceRange } from '../../source/source-file.ts';
import type { Value } from '../evaluate/value.ts';
import type { ClassNode, FunctionNode, IncludeNode, ProcessNode, ScriptNode, WorkflowNode } from '../syntax/nodes.ts';
import type { FileTree } from './file-tree.ts';

/** One script that was read. Paths are relative to the pipeline's root; a file outside it keeps its `../`. */
export interface ScriptFile {
  readonly file: SourceFile;
  readonly tree: ScriptNode;
  readonly processes: ReadonlyMap<string, ProcessNode>;
  /** The entry workflow is under ''. */
  readonly workflows: ReadonlyMap<string, WorkflowNode>;
  readonly functions: ReadonlyMap<string, readonly FunctionNode[]>;
  readonly classes: ReadonlyMap<string, ClassNode>;
  readonly includes: readonly IncludeNode[];
  readonly dsl1: boolean;
  /** `nextflow.enable.types`. */
  readonly typed: boolean;
}

/** Which Nextflow's rules hold where versions differ (language.md 8.3). */
export interface LanguageVersion {
  readonly version: string;
  readonly parser: 'v1' | 'v2';
  /** A sentence for people: given, asked for by the manifest, or our default. */
  readonly why: string;
  /** What the pipeline's manifest asks for, as written. */
  readonly minimum: string | undefined;
}

/** Something that was not read, or not wholly, and how to better that. */
export interface CoverageNote {
  readonly message: string;
  /** Nothing is left out: it says how something is taken that could be meant otherwise. */
  readonly taken?: true;
  readonly hint?: string;
  readonly place?: SourceRange;
}

export interface UnresolvedInclude {
  /** As written. */
  readonly source: string;
  readonly reason: string;
  /** Files with a like name, nearest first. */
  readonly nearest: readonly string[];
  readonly place: SourceRange;
  /** True when only a branch that is not taken asks for it, or when it may depend on what is not known. */
  readonly certain: boolean;
}

/** A value of the configuration, with where it was set and what it overrode (nearest first). */
export interface ConfigEntry {
  /** `process.withName:FASTQC.cpus` as its parts. */
  readonly path: readonly string[];
  readonly value: Value;
  /** The source text of the value. */
  readonly text: string;
  readonly place: SourceRange;
  readonly overrode: readonly ConfigEntry[];
  /** The profile in which it was written. */
  readonly profile: string | undefined;
}

/** A `withName:` or `withLabel:` block of the merged config, in order of first appearance. */
export interface ProcessSelector {
  readonly kind: 'withName' | 'withLabel';
  /** Without the leading `!`. */
  readonly pattern: string;
  readonly negated: boolean;
  readonly settings: ReadonlyMap<string, ConfigEntry>;
  /** Every place where the selector was written, first one first. */
  readonly places: readonly SelectorPlace[];
}
export interface SelectorPlace {
  readonly place: SourceRange;
  readonly profile: string | undefined;
}

/** A selector block in a chosen profile for a selector that was already set: the legacy parser drops what was set before
 * (language.md 8.3), the strict one merges. */
export interface ReplacedSelector {
  readonly kind: 'withName' | 'withLabel';
  readonly pattern: string;
  readonly profile: string;
  /** The block in the profile. */
  readonly place: SourceRange;
  /** Settings that only the legacy parser loses. */
  readonly lost: readonly ConfigEntry[];
}

export interface Config {
  readonly entries: ReadonlyMap<string, ConfigEntry>;
  /** Generic settings of the process scope: `process.cpus`. */
  readonly process: ReadonlyMap<string, ConfigEntry>;
  readonly selectors: readonly ProcessSelector[];
  readonly replacedSelectors: readonly ReplacedSelector[];
  /** Profiles that the config declares. */
  readonly profiles: readonly { readonly name: string; readonly place: SourceRange }[];
  readonly chosenProfiles: readonly string[];
}

export interface ParamSetting {
  readonly name: string;
  readonly value: Value;
  readonly origin: 'command line' | 'params file' | 'config' | 'schema' | 'params block' | 'script';
  readonly place: SourceRange | undefined;
}

export interface Pipeline {
  readonly tree: FileTree;
  /** Of the manifest, or the folder. */
  readonly name: string;
  readonly kind: 'pipeline' | 'library';
  readonly entry: ScriptFile;
  /** Every script that was reached, by path. In a library: every script of the folder. */
  readonly scripts: ReadonlyMap<string, ScriptFile>;
  readonly configFiles: readonly SourceFile[];
  readonly config: Config;
  readonly params: ReadonlyMap<string, ParamSetting>;
  readonly language: LanguageVersion;
  readonly diagnostics: readonly Diagnostic[];
  readonly unresolvedIncludes: readonly UnresolvedInclude[];
  readonly notes: readonly CoverageNote[];
  readonly opaqueNodes: number;
}

/** What one call's tasks are given for one directive, and why. */
export interface DirectiveSetting {
  readonly name: string;
  /** undefined when it cannot be told without running. For dynamic values: that of attempt 1. */
  readonly value: Value | undefined;
  /** Attempts 1, 2, 3. The same value thrice unless the setting depends on `task.attempt`. */
  readonly byAttempt: readonly (Value | undefined)[];
  /** For a later attempt than those too, counted from 1. */
  atAttempt(attempt: number): Value | undefined;
  /** The source text of what set it. */
  readonly text: string;
  /** `process`, `config`, `withLabel:process_high`, `withName:STAR.*`. */
  readonly setBy: string;
  readonly place: SourceRange;
  /** What it overrode, nearest first. */
  readonly overrode: readonly { readonly text: string; readonly setBy: string; readonly place: SourceRange }[];
  /** Why there is no value. */
  readonly unknown: string | undefined;
}
