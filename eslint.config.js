import neostandard from 'neostandard'

export default [
  ...neostandard({ ts: true, ignores: ['**/dist', 'client/reference', 'openapi', '.tap', '.data'] }),
  {
    files: ['**/*.ts', '**/*.tsx'],
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { varsIgnorePattern: '^_$', ignoreRestSiblings: true }],
      'no-return-assign': 'off'
    }
  },
  {
    // ElectroDB's key templates look like template strings.
    files: ['src/database/entities/**'],
    rules: { 'no-template-curly-in-string': 'off' }
  }
]
