// Trees of Discord's Markdown as elements.
const DAY = { year: 'numeric', month: 'long', day: 'numeric' };
const TIME = { hour: 'numeric', minute: '2-digit' };
const STYLES = {
	t: TIME,
	T: { ...TIME, second: '2-digit' },
	d: { year: 'numeric', month: '2-digit', day: '2-digit' },
	D: DAY,
	f: { ...DAY, ...TIME },
	F: { weekday: 'long', ...DAY, ...TIME }
};
const UNITS = [['year', 31536000], ['month', 2592000], ['day', 86400], ['hour', 3600], ['minute', 60], ['second', 1]];
const EMOJI = /\p{RGI_Emoji}/v;

/** A new element with properties and children. */
export function make(tag, properties = {}, children = []) {
	const element = Object.assign(document.createElement(tag), properties);
	element.append(...[children].flat());
	return element;
}

const words = (text) => make('span', { className: 'words' }, text);

/** Where the picture of an emoji lies. */
export function pictureOf(emoji) {
	const points = [...(emoji.includes('\u200d') ? emoji : emoji.replaceAll('\ufe0f', ''))];
	return `/node_modules/@discordapp/twemoji/dist/svg/${points.map((point) => point.codePointAt(0).toString(16)).join('-')}.svg`;
}

const emoji = (name) => make('img', { className: 'emoji', src: pictureOf(name), alt: name });

/** Text that is not read as Markdown: only its emoji become pictures. */
export const plain = (text) =>
	text.split(new RegExp(`(${EMOJI.source})`, 'v')).filter(Boolean).map((part) => (EMOJI.test(part) ? emoji(part) : words(part)));

/** A time as the client words it. */
export function worded(seconds, format) {
	if (format !== 'R') return new Intl.DateTimeFormat('en-US', STYLES[format ?? 'f']).format(new Date(seconds * 1000));
	const away = seconds - Date.now() / 1000;
	const [unit, length] = UNITS.find(([, length]) => Math.abs(away) >= length) ?? UNITS.at(-1);
	return new Intl.RelativeTimeFormat('en-US', { numeric: 'auto' }).format(Math.round(away / length), unit);
}

const wrapped = (tag) => (node, embed) => make(tag, {}, marked(node.content, embed));
const mention = (type) => (node) => make('discord-mention', { type }, node.id ?? node.fullName ?? node.navigation ?? '');

function listed(node, embed) {
	const [tag, start] = node.start === null ? ['discord-unordered-list', {}] : ['discord-ordered-list', { start: node.start }];
	return make(tag, start, node.items.map((item) => make('discord-list-item', {}, marked(item, embed))));
}

// Plain HTML where the library's elements put spaces of their own around their text.
const MAKERS = {
	text: (node) => words(node.content),
	br: () => make('br'),
	newline: () => make('br'),
	strong: wrapped('strong'),
	em: wrapped('em'),
	underline: wrapped('u'),
	strikethrough: wrapped('s'),
	spoiler: wrapped('discord-spoiler'),
	subtext: wrapped('discord-subscript'),
	blockQuote: wrapped('discord-quote'),
	heading: (node, embed) => make('discord-header', { level: node.level }, marked(node.content, embed)),
	list: listed,
	link: (node, embed) => make('discord-link', { href: node.target }, marked(node.content, embed)),
	url: (node) => make('discord-link', { href: node.target }, words(node.target)),
	autolink: (node) => make('discord-link', { href: node.target }, words(node.target)),
	inlineCode: (node, embed) => make('discord-code', { embed }, words(node.content)),
	codeBlock: (node, embed) => make('discord-code', { embed, multiline: true }, words(node.content)),
	timestamp: (node) => make('discord-time', {}, worded(Number(node.timestamp), node.format)),
	twemoji: (node) => emoji(node.name),
	emoji: (node) => words(`:${node.name}:`),
	user: mention('user'),
	role: mention('role'),
	channel: mention('channel'),
	slashCommand: mention('slash'),
	guildNavigation: mention('channel'),
	everyone: () => make('discord-mention', { type: 'role' }, 'everyone'),
	here: () => make('discord-mention', { type: 'role' }, 'here')
};

/** The elements of a tree; `embed` where it stands in one. */
export function marked(tree, embed = false) {
	return tree.map((node) => {
		const maker = MAKERS[node.type];
		if (!maker) throw new Error(`no element for ${node.type}`);
		return maker(node, embed);
	});
}

/** A tree without its marks, for the places that take a string. */
export const bare = (tree) =>
	tree.map((node) => (typeof node.content === 'string' ? node.content : node.name ?? bare(node.content ?? []))).join('');
