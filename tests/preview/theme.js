// The elements are drawn as Discord looked in 2022, on a desk. What today's dark theme on a phone has otherwise:
const FONT = "'gg sans', 'Noto Sans Variable', 'Noto Sans', sans-serif";

const ABOVE = `
	:host { margin-left: 52px; color: #aaabb1; font-family: ${FONT}; }
	.discord-replied-message-content { overflow: hidden; min-width: 0; }`;

const OVER = {
	'discord-messages': `:host { background-color: #1a1a1e; font-family: ${FONT}; }`,
	'discord-message': `
		:host { color: #dfe0e2; font-family: ${FONT}; padding-left: 16px; padding-right: 16px; }
		:host([ephemeral]) { background-color: rgba(88, 101, 242, 0.08); padding-right: 16px; }
		.discord-author-avatar { margin-right: 12px; }
		.discord-message-content { min-width: 0; }
		.discord-message-body { line-height: 1.375rem; }
		.discord-message-timestamp, .discord-message-ephemeral, .discord-message-edited { color: #94959c; }
		.discord-message-ephemeral .discord-message-ephemeral-link { color: #7bb0f5; }`,
	'discord-embed': `
		:host { color: #dfe0e2; }
		:host .discord-left-border { background-color: #3d3e45; }
		:host .discord-embed-root { flex: 0 1 auto; }
		:host .discord-embed-wrapper { background-color: #242429; border-color: #35353c; max-width: 100%; }
		:host .discord-embed-title, :host .discord-embed-title a { line-height: 1.375; }
		:host .discord-embed-title a { color: #7bb0f5; }
		/* Over two columns, a long footer would take room from the description. */
		slot[name='footer']::slotted(*) { grid-column: 1 / 1; }`,
	'discord-embed-footer': ':host { color: #c7c8ce; }',
	'discord-reply': ABOVE,
	'discord-command': ABOVE,
	'discord-link': 'a { color: #7bb0f5; }',
	'discord-subscript': 'small { color: #94959c; }',
	'discord-quote': '.discord-quote-divider { background-color: #60616a; flex: none; } blockquote { min-width: 0; }',
	'discord-code': 'code { background-color: #2c2c33; }',
	'discord-button': `
		:host > *:first-child { border-radius: 8px; font-family: ${FONT}; padding: 2px 12px; min-width: 36px; }
		:host { max-width: 100%; }
		button, a { max-width: 100%; height: 36px !important; box-sizing: border-box !important; }
		button > span, a > span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; line-height: 20px; }
		.secondary { background-color: #2f2f36; color: #ebebed; }
		.success { background-color: #00863a; }
		.destructive { background-color: #d22d39; }
		svg { margin-left: 8px; }`,
	'discord-action-row': ':host { width: 100%; }',
	'discord-string-select-menu': `
		:host { flex: 1; min-width: 0; margin: 4px 0; }
		.discord-string-select-menu {
			background-color: #222228 !important; border-color: #3d3e45 !important; color: #94959c;
			border-radius: 8px; height: 44px; width: 100%; max-width: none; margin: 0; font-weight: 400;
		}
		.discord-string-select-menu > span:first-child { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
		.discord-expand-more-icon { flex: none; }`
};

const sheets = Object.fromEntries(
	Object.entries(OVER).map(([tag, rules]) => {
		const sheet = new CSSStyleSheet();
		sheet.replaceSync(rules);
		return [tag, sheet];
	})
);

/** Dresses every element below this one, inside other elements too. */
export function dress(root) {
	for (const element of root.querySelectorAll('*')) {
		const inside = element.shadowRoot;
		if (!inside) continue;
		const sheet = sheets[element.localName];
		if (sheet) inside.adoptedStyleSheets = [...inside.adoptedStyleSheets, sheet];
		dress(inside);
	}
}
