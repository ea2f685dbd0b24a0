// Draws the message this page is asked for and promises its height and its words: `window.drawn`.
import '@skyra/discord-components-core';
import { bare, make, marked, pictureOf, plain } from '/marks.js';
import { dress } from '/theme.js';

const EPHEMERAL = 1 << 6;
const ROW = 1;
const BUTTON = 2;
const SELECTS = new Set([3, 5, 6, 7, 8]);
const LINK = 5;
const BUTTONS = { 1: 'primary', 2: 'secondary', 3: 'success', 4: 'destructive', [LINK]: 'secondary' };
const COLORS = ['#5865f2', '#757e8a', '#3ba55c', '#faa61a', '#eb459e'];

/** A disk with the first letter of the name, since there is no network to fetch a picture from. */
function avatarOf(name) {
	const color = COLORS[[...name].reduce((sum, letter) => sum + letter.codePointAt(0), 0) % COLORS.length];
	const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40"><rect width="40" height="40" fill="${color}"/>
		<text x="20" y="27" fill="#fff" font-family="sans-serif" font-size="20" text-anchor="middle">${[...name][0].toUpperCase().replace(/[<&]/, '?')}</text></svg>`;
	return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}

const nameOf = (user) => (typeof user === 'string' ? user : (user?.global_name ?? user?.username ?? 'Somebody'));
const person = (user) => ({ author: nameOf(user), avatar: avatarOf(nameOf(user)) });

function embedOf(embed) {
	const color = embed.color === undefined || embed.color === null ? undefined : `#${embed.color.toString(16).padStart(6, '0')}`;
	const parts = [];
	if (embed.description.length) {
		parts.push(make('discord-embed-description', { slot: 'description' }, marked(embed.description, true)));
	}
	if (embed.fields.length) {
		const fields = embed.fields.map((field) =>
			make('discord-embed-field', { fieldTitle: bare(field.name) }, marked(field.value, true))
		);
		parts.push(make('discord-embed-fields', { slot: 'fields' }, fields));
	}
	if (embed.footer?.text) parts.push(make('discord-embed-footer', { slot: 'footer' }, make('span', {}, plain(embed.footer.text))));
	const { name, url } = embed.author ?? {};
	const head = { color, embedTitle: bare(embed.title), url: embed.url, authorName: name, authorUrl: url };
	const known = Object.fromEntries(Object.entries(head).filter(([, value]) => value));
	return make('discord-embed', { slot: 'embeds', ...known }, parts);
}

function buttonOf(button) {
	const { name } = button.emoji ?? {};
	const picture = name && !button.emoji.id ? { emoji: pictureOf(name), emojiName: name } : {};
	const link = button.style === LINK ? { url: button.url } : {};
	const type = BUTTONS[button.style];
	if (!type) throw new Error(`no button of style ${button.style}`);
	return make('discord-button', { type, disabled: button.disabled ?? false, ...picture, ...link }, plain(button.label ?? ''));
}

function selectOf(select) {
	const chosen = (select.options ?? []).filter((option) => option.default).map((option) => option.label);
	const placeholder = chosen.join(', ') || select.placeholder || 'Make a selection';
	return make('discord-string-select-menu', { placeholder, disabled: select.disabled ?? false });
}

function rowOf(row) {
	if (row.type !== ROW) throw new Error(`no component of type ${row.type} at the top`);
	const children = row.components.map((component) => {
		if (component.type === BUTTON) return buttonOf(component);
		if (SELECTS.has(component.type)) return selectOf(component);
		throw new Error(`no component of type ${component.type} in a row`);
	});
	return make('discord-action-row', {}, children);
}

function above({ interaction, message_reference: reference, referenced_message: answered }) {
	if (interaction?.target) {
		const { user, content } = interaction.target;
		const context = { contextUserName: nameOf(user), contextUserAvatar: avatarOf(nameOf(user)), contextMessageReply: content };
		return [make('discord-command', { slot: 'reply', ...person(interaction.user), command: interaction.command, type: 'message_command', ...context })];
	}
	if (interaction) {
		const command = interaction.command.replace(/^\//, '');
		return [make('discord-command', { slot: 'reply', ...person(interaction.user), command, type: 'slash_command' })];
	}
	if (answered) return [make('discord-reply', { slot: 'reply', ...person(answered.author) }, answered.content)];
	return reference ? [make('discord-reply', { slot: 'reply', deleted: true })] : [];
}

function messageOf(message) {
	const parts = [...above(message), ...marked(message.content), ...message.embeds.map(embedOf)];
	const rows = (message.components ?? []).map(rowOf);
	if (rows.length) parts.push(make('div', { slot: 'components' }, rows));
	const about = { bot: message.author?.bot ?? true, ephemeral: Boolean((message.flags ?? 0) & EPHEMERAL), edited: Boolean(message.edited_timestamp) };
	return make('discord-message', { ...person(message.author), timestamp: message.timestamp ?? 'Today at 2:05 PM', ...about }, parts);
}

function* everyElement(root) {
	for (const element of root.querySelectorAll('*')) {
		yield element;
		if (element.shadowRoot) yield* everyElement(element.shadowRoot);
	}
}

/** What a reader sees, in the order it is drawn in; a block has lines of its own. */
function wordsOf(node) {
	if (node.nodeType === Node.TEXT_NODE) return node.parentElement?.className === 'words' ? node.data : node.data.replace(/\s+/g, ' ');
	if (node.nodeType !== Node.ELEMENT_NODE || ['style', 'svg'].includes(node.localName)) return '';
	if (node.localName === 'br') return '\n';
	if (node.localName === 'img') return node.classList.contains('emoji') ? node.alt : '';
	const children = node.localName === 'slot' ? node.assignedNodes() : (node.shadowRoot ?? node).childNodes;
	const words = [...children].map(wordsOf).join('');
	return /^(inline|contents)/.test(getComputedStyle(node).display) ? words : `\n${words}\n`;
}

const tidy = (words) => words.replace(/ *\n\s*/g, '\n').replace(/ +/g, ' ').trim();

/** Elements make further elements while they settle; whatever one of them throws reaches whoever waits. */
async function settled() {
	let count = -1;
	for (let all = [...everyElement(document)]; all.length !== count; all = [...everyElement(document)]) {
		count = all.length;
		await Promise.all(all.map((element) => element.updateComplete));
	}
}

async function draw() {
	const answer = await fetch(`/messages/${new URLSearchParams(location.search).get('message')}`);
	document.body.append(make('discord-messages', {}, messageOf(await answer.json())));
	await settled();
	dress(document);
	const pictures = [...everyElement(document)].filter((element) => element.localName === 'img' && element.src);
	await Promise.all(pictures.map((picture) => picture.decode().catch(() => Promise.reject(new Error(`no picture at ${picture.src}`)))));
	await document.fonts.ready;
	return { height: Math.ceil(document.body.getBoundingClientRect().height), words: tidy(wordsOf(document.body)) };
}

window.drawn = draw();
