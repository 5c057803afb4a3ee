pub struct Shell {}
