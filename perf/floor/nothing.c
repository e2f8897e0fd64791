// A static program that does nothing: what starting any plugin at all takes on this machine.
int main(void) { return 0; }
