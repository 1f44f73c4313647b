package org.ifaas.cli;

public class Main {
    public static void main(String[] args) {
        System.out.println("ifaas " + Main.class.getPackage().getImplementationVersion());
    }
}
