// Makes static/dist from what is ours (css, js, img) and what npm brought: one stylesheet, an icon
// sprite of the icons in use, compressed siblings, and a hash of it all that stands in every address.
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const modules = join(here, 'node_modules');
const dist = join(here, 'dist');

// Each is one or more files of npm's, one after the other.
const vendor = {
  'vendor/htmx.js': ['htmx.org/dist/htmx.min.js', 'htmx.org/dist/ext/hx-sse.min.js', 'htmx.org/dist/ext/hx-preload.min.js'],
  'vendor/combobox-nav.js': ['@github/combobox-nav/dist/index.js'],
  'vendor/relative-time.js': ['@github/relative-time-element/dist/bundle.js'],
  'vendor/inter-latin.woff2': ['@fontsource-variable/inter/files/inter-latin-wght-normal.woff2'],
  'vendor/inter-latin-ext.woff2': ['@fontsource-variable/inter/files/inter-latin-ext-wght-normal.woff2'],
};

function stop(sentence) {
  console.error(sentence);
  process.exit(1);
}

function* filesIn(folder) {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder).sort()) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) yield* filesIn(path);
    else yield path;
  }
}

// Layers first, then every file: the order of layers decides, not the order of files.
function stylesheet() {
  const css = join(here, 'css');
  const first = join(css, 'layers.css');
  const rest = [...filesIn(css)].filter((path) => path !== first && path.endsWith('.css'));
  const text = [first, ...rest].map((path) => readFileSync(path, 'utf8')).join('\n');
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/\s*\n\s*/g, '\n').replace(/\n([{}])/g, '$1').trim();
}

// Only the icons that templates and code name.
function sprite() {
  const names = new Set();
  for (const folder of ['templates', 'src'].map((name) => resolve(here, '..', name))) {
    for (const path of filesIn(folder)) {
      if (!/\.(html|rs)$/.test(path)) continue;
      const text = readFileSync(path, 'utf8');
      for (const [, name] of text.matchAll(/icon(?:\(|:|=)\s*"([a-z0-9-]+)"/g)) names.add(name);
      for (const [, name] of text.matchAll(/const ICON: &'static str = "([a-z0-9-]+)"/g)) names.add(name);
      for (const [, name] of text.matchAll(/empty::of\("([a-z0-9-]+)"/g)) names.add(name);
      for (const [, name] of text.matchAll(/NavItem::new\(.*?"([a-z0-9-]+)",\s*"[^"]*"\)/g)) names.add(name);
    }
  }
  const symbols = [...names].sort().map((name) => {
    const file = join(modules, '@tabler/icons/icons/outline', `${name}.svg`);
    if (!existsSync(file)) stop(`No icon is called “${name}”; see the names in @tabler/icons.`);
    const body = readFileSync(file, 'utf8').replace(/^[\s\S]*?<svg[\s\S]*?>/, '').replace('</svg>', '');
    return `<symbol id="${name}" viewBox="0 0 24 24">${body.replace(/\s*\n\s*/g, '')}</symbol>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join('')}</svg>`;
}

// Our own modules as one file, so that a first visit is few requests: each becomes a function that gives
// what it exports. Only what they use is understood: named imports from a relative path, named exports.
function script(entry) {
  const done = new Map();
  const parts = [];
  const add = (path) => {
    if (done.has(path)) return done.get(path);
    const name = `m${done.size}`;
    done.set(path, name);
    const exported = [];
    const body = readFileSync(path, 'utf8')
      .replace(/^import (?:\{([^}]*)\} from )?'([^']+)';$/gm, (_, names, from) => {
        const module = add(resolve(dirname(path), from));
        return names ? `const {${names}} = ${module};` : '';
      })
      .replace(/^export (function|class|const) (\w+)/gm, (_, kind, what) => { exported.push(what); return `${kind} ${what}`; })
      .replace(/^\s*\/\/.*\n/gm, '');
    if (/^\s*(import|export)\b(?!\()/m.test(body)) stop(`${relative(here, path)} imports or exports in a way that build.mjs does not know.`);
    parts.push(`const ${name} = (() => {\n${body}\nreturn { ${exported.join(', ')} };\n})();`);
    return name;
  };
  add(entry);
  return parts.join('\n');
}

function put(folder, name, content) {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

function compress(path) {
  if (!/\.(css|js|svg|json|txt)$/.test(path)) return;
  const content = readFileSync(path);
  if (content.length < 512) return;
  writeFileSync(`${path}.gz`, gzipSync(content, { level: 9 }));
  writeFileSync(`${path}.br`, brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
}

if (!existsSync(modules)) stop('static/node_modules is missing: run `npm ci --ignore-scripts` in static/ first.');

const fresh = `${dist}.new`;
rmSync(fresh, { recursive: true, force: true });
for (const [to, from] of Object.entries(vendor)) {
  const lost = from.find((name) => !existsSync(join(modules, name)));
  if (lost) stop(`${lost} is not in static/node_modules: run \`npm ci --ignore-scripts\` in static/.`);
  const parts = from.map((name) => readFileSync(join(modules, name)));
  put(fresh, to, parts.length === 1 ? parts[0] : parts.join(';\n').replace(/^\/\/# sourceMappingURL=.*$/gm, ''));
}
cpSync(join(here, 'img'), join(fresh, 'img'), { recursive: true });
put(fresh, 'js/app.js', script(join(here, 'js/app.js')));
put(fresh, 'css/app.css', stylesheet());
put(fresh, 'icons.svg', sprite());

const hash = createHash('sha256');
const files = [...filesIn(fresh)];
for (const path of files) hash.update(relative(fresh, path)).update('\0').update(readFileSync(path));
const build = hash.digest('hex').slice(0, 12);
const known = existsSync(join(dist, 'build.txt')) ? readFileSync(join(dist, 'build.txt'), 'utf8') : '';
if (known === build) {
  rmSync(fresh, { recursive: true, force: true });
  console.log(`static files are as they were (${build})`);
} else {
  files.forEach(compress);
  put(fresh, 'build.txt', build);
  rmSync(dist, { recursive: true, force: true });
  renameSync(fresh, dist);
  console.log(`static files made (${build}, ${files.length} files)`);
}
