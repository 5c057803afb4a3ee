// Theme and density are shown while they are chosen; saving keeps them.
const root = document.documentElement;

document.addEventListener('change', (event) => {
  const { name, value } = event.target;
  if (name === 'theme') root.dataset.theme = value === 'system' ? '' : value;
  if (name === 'density') root.dataset.density = value === 'compact' ? 'compact' : '';
});
