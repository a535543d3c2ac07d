/**
 * The architecture as rules: roots → features → platform → config → shared. `npm run check:structure` holds src to them.
 *
 * A feature is a folder of src that is none of the layers below; a root is a file in src itself or the command line.
 */
const FEATURE = '^src/(?!(shared|config|platform|cli)/)([^/]+)/';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'shared-imports-nothing',
      comment:
        'src/shared is plain TypeScript that a test, a browser or a script can use as it is, so it knows nothing of the rest of src.',
      severity: 'error',
      from: { path: '^src/shared/' },
      to: { path: '^src/(?!shared/)' },
    },
    {
      name: 'shared-needs-no-package',
      comment:
        'src/shared is also free of packages: what it computes must not change when one is brought up to date.',
      severity: 'error',
      from: { path: '^src/shared/' },
      to: { dependencyTypes: ['npm', 'npm-dev', 'npm-optional', 'npm-peer'] },
    },
    {
      name: 'config-imports-shared-alone',
      comment:
        'Settings are read before anything else exists, so src/config imports nothing of src but src/shared.',
      severity: 'error',
      from: { path: '^src/config/' },
      to: { path: '^src/(?!(config|shared)/)' },
    },
    {
      name: 'platform-knows-no-feature',
      comment:
        'src/platform is what features stand on (HTTP, database, queue): one that knew a feature could not be understood or tested without it.',
      severity: 'error',
      from: { path: '^src/platform/' },
      to: { path: '^src/(?!(platform|config|shared)/)' },
    },
    {
      name: 'features-know-no-root',
      comment:
        'Roots choose which features a process has; a feature that imported a root would pull in all the others.',
      severity: 'error',
      from: { path: '^src/[^/]+/', pathNot: '^src/cli/' },
      to: { path: ['^src/[^/]+\\.ts$', '^src/cli/'] },
    },
    {
      name: 'features-meet-at-their-index',
      comment:
        "A feature's index.ts is its only public face: what it does not export may change without asking anybody.",
      severity: 'error',
      from: { path: '^src/([^/]+)/' },
      to: { path: FEATURE, pathNot: ['^src/$1/', '^src/[^/]+/index\\.ts$'] },
    },
    {
      name: 'roots-use-the-index-too',
      comment: 'A root wires features together by their public faces, like everybody else.',
      severity: 'error',
      from: { path: '^src/[^/]+\\.ts$' },
      to: { path: FEATURE, pathNot: '^src/[^/]+/index\\.ts$' },
    },
    {
      name: 'platform-parts-meet-at-their-index',
      comment:
        'A part of the platform (http, database, queue, logging) can be replaced as long as its index.ts offers the same.',
      severity: 'error',
      from: { path: '^src/platform/([^/]+)/' },
      to: { path: '^src/platform/[^/]+/', pathNot: ['^src/platform/$1/', '^src/platform/[^/]+/index\\.ts$'] },
    },
    {
      name: 'platform-is-used-by-its-index',
      comment:
        'The same for who stands on the platform: features and roots name a part of it, not a file in it.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/platform/' },
      to: { path: '^src/platform/[^/]+/', pathNot: '^src/platform/[^/]+/index\\.ts$' },
    },
    {
      name: 'config-has-one-face',
      comment: 'Settings are had from src/config/index.ts, so that how they are read and checked can change.',
      severity: 'error',
      from: { pathNot: '^src/config/' },
      to: { path: '^src/config/', pathNot: '^src/config/index\\.ts$' },
    },
    {
      name: 'no-cycles',
      comment:
        'Files that import each other in a circle can only be understood, tested and loaded all at once.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'typeorm-stays-near-the-tables',
      comment:
        'TypeORM is for plain records: entities, repositories and src/platform/database. Statements that move stock are SQL in plain sight.',
      severity: 'error',
      from: { path: '^src/', pathNot: ['\\.(entity|repository)\\.ts$', '^src/platform/database/'] },
      to: { path: '(^|node_modules/)(@nestjs/)?typeorm(/|$)' },
    },
    {
      name: 'bullmq-stays-at-the-line',
      comment:
        'BullMQ is the line, not a way for features to call each other; who else needs it asks src/platform/queue.',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/(line|operations)/', '^src/platform/queue/'] },
      to: { path: '(^|node_modules/)(bullmq|@bull-board)(/|$)' },
    },
    {
      name: 'no-unknown-module',
      comment: 'An import that leads nowhere fails at run time, on whichever machine comes first.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'no-development-package-in-src',
      comment: 'What src needs must be installed in production, where devDependencies are not.',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'only-listed-packages',
      comment: 'A package that is there only because another one brought it can go or change at any time.',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'src-imports-no-test',
      comment: 'What is shipped must not need what is not.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(test|scripts|web)/' },
    },
    {
      name: 'no-orphans',
      comment: 'A file that nothing imports is dead, or a root that should be named here.',
      severity: 'error',
      from: {
        orphan: true,
        pathNot: ['^src/(main|export-openapi)\\.ts$', '^src/cli/main\\.ts$', 'embedded/keeper\\.ts$'],
      },
      to: {},
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    combinedDependencies: false,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['require', 'node', 'import', 'types', 'default'],
    },
    reporterOptions: { text: { highlightFocused: true } },
  },
};
