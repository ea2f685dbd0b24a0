// Messages as Discord's API has them on standard input, as a JSON list; the same on standard output, with every
// text Discord reads as Markdown replaced by its tree.
import markdown from 'discord-markdown-parser';

const { SimpleMarkdown, rulesExtended } = markdown;
const ITEM = /^( *)([*-]|\d+\.) +(\S[^\n]*)(?:\n|$)/;
const ONE_LINE = ['escape', 'em', 'strong', 'underline', 'strikethrough', 'inlineCode', 'twemoji', 'emoji', 'text'];

const startsLine = (state) => state.prevCapture === null || state.prevCapture[0].endsWith('\n');
const fresh = (state) => ({ ...state, prevCapture: null });

// The library looks at the last group of what came before, which is not the end of the line after a quote.
const onOwnLine = (rule) => ({
	...rule,
	match: (source, state) => (startsLine(state) ? rule.match(source, { ...state, prevCapture: null }) : null)
});

const indented = (line, least) => /^ */.exec(line)[0].length > least && line.trim() !== '';

/** The lines from here that belong to one list: items of the same depth, and what is indented below them. */
function linesOfList(source) {
	const depth = ITEM.exec(source)[1].length;
	const lines = [];
	for (const line of source.split('\n')) {
		const item = ITEM.exec(line);
		if (!(item && item[1].length >= depth) && !(lines.length && indented(line, depth))) break;
		lines.push(line);
	}
	return lines;
}

function items(lines) {
	const depth = ITEM.exec(lines[0])[1].length;
	const found = [];
	for (const line of lines) {
		const item = ITEM.exec(line);
		if (item && item[1].length <= depth + 1) found.push([item[3]]);
		else found.at(-1).push(line.slice(Math.min(/^ */.exec(line)[0].length, depth + 2)));
	}
	return found.map((rows) => rows.join('\n'));
}

const list = {
	order: SimpleMarkdown.defaultRules.list.order,
	match(source, state) {
		if (!startsLine(state) || !ITEM.test(source)) return null;
		const lines = linesOfList(source);
		const length = lines.join('\n').length;
		return Object.assign([source.slice(0, source[length] === '\n' ? length + 1 : length)], { index: 0, lines });
	},
	parse(capture, parse, state) {
		const mark = ITEM.exec(capture.lines[0])[2];
		return {
			start: mark.endsWith('.') ? Number.parseInt(mark, 10) : null,
			items: items(capture.lines).map((text) => parse(text, fresh(state)))
		};
	}
};

const everything = {
	...rulesExtended,
	heading: onOwnLine(rulesExtended.heading),
	subtext: onOwnLine(rulesExtended.subtext),
	list
};
const readBlock = SimpleMarkdown.parserFor(everything);
const readLine = SimpleMarkdown.parserFor(Object.fromEntries(ONE_LINE.map((name) => [name, rulesExtended[name]])));

export const blockTree = (text) => (text ? readBlock(text, { inline: true }) : []);
export const lineTree = (text) => (text ? readLine(text, { inline: true }) : []);

const embedTrees = (embed) => ({
	...embed,
	title: lineTree(embed.title),
	description: blockTree(embed.description),
	fields: (embed.fields ?? []).map((field) => ({ ...field, name: lineTree(field.name), value: blockTree(field.value) }))
});

const messageTrees = (message) => ({
	...message,
	content: blockTree(message.content),
	embeds: (message.embeds ?? []).map(embedTrees)
});

let input = '';
for await (const chunk of process.stdin.setEncoding('utf-8')) input += chunk;
process.stdout.write(JSON.stringify(JSON.parse(input).map(messageTrees)));
