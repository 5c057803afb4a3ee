mod people;
mod roles;
mod settings;
mod views;
mod workspaces;
