"""The peers' networks, of the workloads' sizes with random weights: by kind, a network and inputs for it."""

import torch


class Decoder(torch.nn.Module):
    def __init__(self, vae):
        super().__init__()
        self.vae = vae

    def forward(self, latent):
        return self.vae.decode(latent).sample


class Encoder(torch.nn.Module):
    def __init__(self, vae):
        super().__init__()
        self.vae = vae

    def forward(self, picture):
        return self.vae.encode(picture).latent_dist.mean


class Step(torch.nn.Module):
    def __init__(self, unet):
        super().__init__()
        self.unet = unet

    def forward(self, sample, timestep, context):
        return self.unet(sample, timestep, encoder_hidden_states=context).sample


class Text(torch.nn.Module):
    def __init__(self, clip):
        super().__init__()
        self.clip = clip

    def forward(self, tokens):
        return self.clip(tokens).last_hidden_state


class Block(torch.nn.Module):
    def __init__(self, block):
        super().__init__()
        self.block = block

    def forward(self, x, context):
        return self.block(x, encoder_hidden_states=context)


def vae():
    from diffusers import AutoencoderKL

    down = ("DownEncoderBlock2D",) * 4
    up = ("UpDecoderBlock2D",) * 4
    return AutoencoderKL(
        block_out_channels=(128, 256, 512, 512), layers_per_block=2, down_block_types=down, up_block_types=up
    )


def unet(side):
    from diffusers import UNet2DConditionModel

    network = Step(UNet2DConditionModel(cross_attention_dim=768, attention_head_dim=8))
    return network, (torch.randn(2, 4, side, side), torch.tensor(500), torch.randn(2, 77, 768))


def decode(side):
    return Decoder(vae()), (torch.randn(1, 4, side, side),)


def encode(side):
    return Encoder(vae()), (torch.randn(1, 3, 8 * side, 8 * side),)


def text():
    from transformers import CLIPTextConfig, CLIPTextModel

    network = Text(CLIPTextModel(CLIPTextConfig(hidden_size=768, intermediate_size=3072, num_attention_heads=12)))
    return network, (torch.full((1, 77), 500),)


def block(tokens, width, heads, contextTokens, contextWidth):
    from diffusers.models.attention import BasicTransformerBlock

    network = Block(BasicTransformerBlock(width, heads, width // heads, cross_attention_dim=contextWidth))
    return network, (torch.randn(2, tokens, width), torch.randn(2, contextTokens, contextWidth))


def gemm(tokens, inputs, outputs):
    return torch.nn.Linear(inputs, outputs, bias=False), (torch.randn(2, tokens, inputs),)


kinds = {each.__name__: each for each in (unet, decode, encode, text, block, gemm)}


def make(kind, sizes):
    network, inputs = kinds[kind](**sizes)
    return network.eval().requires_grad_(False), inputs
