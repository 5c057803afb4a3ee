// What html-validate asks of every page: valid and accessible. Layout of the source is not its business.
export default {
  root: true,
  extends: ['html-validate:standard', 'html-validate:a11y'],
  rules: {
    'element-name': ['error', { pattern: '^(gw|hx|relative)-[a-z-]+$' }],
    'no-inline-style': 'error',
    'no-dup-id': 'error',
    'no-implicit-button-type': 'off',
    'no-implicit-input-type': 'off',
    'prefer-native-element': 'off',
    // The sidebar stands a second time in the menu of narrow screens, a closed dialog; axe looks at what is open.
    'unique-landmark': 'off',
    'svg-focusable': 'off',
    'require-csp-nonce': 'off',
    'require-sri': 'off',
  },
};
