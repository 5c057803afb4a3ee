mod invitations;
mod people;
mod person;
mod roles;
mod settings;
mod views;
mod workspaces;
