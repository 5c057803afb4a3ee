mod people;
mod settings;
mod views;
mod workspaces;
