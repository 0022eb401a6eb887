/** The OpenCL backend. No module requires it: it is found as a service. */
module org.safeclip.opencl {
    requires jocl;
    requires org.safeclip.tensor;

    provides org.safeclip.tensor.backend.BackendProvider with
            org.safeclip.opencl.OpenClProvider;
}
